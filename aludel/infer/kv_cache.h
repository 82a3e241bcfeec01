#pragma once
// Keys and values of texts in progress, in pages of 64 tokens of one block and KV head.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "aludel/infer/language_model.h"
#include "aludel/tensor/tensor.h"

namespace aludel::infer {

/// How keys and values are kept: exactly, or in 8 bits with one scale per token and head. What is
/// kept in 8 bits is only ever read so, that a text's result does not depend on how it was cut.
enum class KvFormat : std::uint8_t { f32, q8 };

inline constexpr std::size_t kPageTokens = 64;

/// Where things lie in a page. Keys stand transposed, [D][64], so that one register holds the same
/// dimension of many tokens; values stand [64][P], P the head size rounded up to 16.
struct PageLayout {
  KvFormat format = KvFormat::f32;
  std::size_t head_size = 0;     // D
  std::size_t padded_size = 0;   // P
  std::size_t values = 0;        // byte offsets; keys are at 0
  std::size_t key_scales = 0;    // [64] f32, of q8
  std::size_t value_scales = 0;  // [64] f32, of q8
  std::size_t bytes = 0;         // of a page

  static PageLayout make(KvFormat format, std::size_t head_size);
};

/// Writes the key and the value [D] of the token at `slot` of a page.
void write_token(const PageLayout& layout, std::byte* page, std::size_t slot,
                 std::span<const float> key, std::span<const float> value);

/// Pages that sequences take and give back. One caller at a time.
class PagePool {
 public:
  explicit PagePool(const PageLayout& layout) : layout_(layout) {}

  const PageLayout& layout() const { return layout_; }

  std::byte* take();

  void give(std::byte* page) { free_.push_back(page); }

  /// Pages taken from the system so far, in use or free.
  std::size_t pages() const { return slabs_.size() * kSlabPages; }

  std::size_t pages_in_use() const { return pages() - free_.size(); }

 private:
  static constexpr std::size_t kSlabPages = 16;
  PageLayout layout_;
  std::vector<tensor::Tensor> slabs_;
  std::vector<std::byte*> free_;
};

/// The pages of one text. The pool must outlive it.
class PagedSequence final : public SequenceCache {
 public:
  PagedSequence(PagePool& pool, std::size_t blocks, std::size_t kv_heads);
  ~PagedSequence() override;
  PagedSequence(const PagedSequence&) = delete;
  PagedSequence& operator=(const PagedSequence&) = delete;

  std::int64_t length() const override { return length_; }

  /// Makes room for `count` more tokens and counts them.
  void extend(std::int64_t count);

  /// The pages of one block and head, first token first: entry j is at [j * stride()].
  std::byte* const* pages(std::size_t block, std::size_t kv_head) const {
    return pages_.data() + block * kv_heads_ + kv_head;
  }

  std::size_t stride() const { return blocks_ * kv_heads_; }

 private:
  PagePool& pool_;
  std::size_t blocks_;
  std::size_t kv_heads_;
  std::int64_t length_ = 0;
  std::vector<std::byte*> pages_;  // [page][block][kv head]
};

}  // namespace aludel::infer
