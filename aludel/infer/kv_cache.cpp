#include "aludel/infer/kv_cache.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "aludel/tensor/packed/packed_matrix.h"

namespace aludel::infer {
namespace {

constexpr std::size_t kAlign = 64;
constexpr float kLargest = 127.0F;

/// Quantises one vector: calls store(d, q) for each element and returns the scale. Where an element
/// is no finite number the scale is NaN, so that what is made of the vector is seen to be none.
template <class Store>
float quantise(std::span<const float> vector, const Store& store) {
  float largest = 0;
  bool finite = true;
  for (const float value : vector) {
    finite = finite && std::isfinite(value);
    largest = std::max(largest, std::abs(value));
  }
  if (!finite) {
    for (std::size_t d = 0; d < vector.size(); ++d)
      store(d, 0);
    return std::numeric_limits<float>::quiet_NaN();
  }
  const float inverse = largest > tensor::kLeastByteRange ? kLargest / largest : 0.0F;
  for (std::size_t d = 0; d < vector.size(); ++d) {
    store(d, static_cast<std::int8_t>(std::nearbyint(vector[d] * inverse)));
  }
  return largest / kLargest;
}

}  // namespace

PageLayout PageLayout::make(KvFormat format, std::size_t head_size) {
  PageLayout layout;
  layout.format = format;
  layout.head_size = head_size;
  layout.padded_size = (head_size + 15) / 16 * 16;
  const std::size_t element = format == KvFormat::f32 ? sizeof(float) : 1;
  layout.values = head_size * kPageTokens * element;
  layout.key_scales = layout.values + layout.padded_size * kPageTokens * element;
  const std::size_t scales = format == KvFormat::f32 ? 0 : kPageTokens * sizeof(float);
  layout.value_scales = layout.key_scales + scales;
  layout.bytes = (layout.value_scales + scales + kAlign - 1) / kAlign * kAlign;
  return layout;
}

void write_token(const PageLayout& layout, std::byte* page, std::size_t slot,
                 std::span<const float> key, std::span<const float> value) {
  if (layout.format == KvFormat::f32) {
    auto* keys = reinterpret_cast<float*>(page) + slot;
    for (std::size_t d = 0; d < key.size(); ++d)
      keys[d * kPageTokens] = key[d];
    auto* values = reinterpret_cast<float*>(page + layout.values) + slot * layout.padded_size;
    std::ranges::copy(value, values);
    return;
  }
  auto* keys = reinterpret_cast<std::int8_t*>(page) + slot;
  auto* key_scales = reinterpret_cast<float*>(page + layout.key_scales);
  key_scales[slot] =
      quantise(key, [&](std::size_t d, std::int8_t q) { keys[d * kPageTokens] = q; });
  auto* values = reinterpret_cast<std::int8_t*>(page + layout.values) + slot * layout.padded_size;
  auto* value_scales = reinterpret_cast<float*>(page + layout.value_scales);
  value_scales[slot] = quantise(value, [&](std::size_t d, std::int8_t q) { values[d] = q; });
}

std::byte* PagePool::take() {
  if (free_.empty()) {
    slabs_.push_back(tensor::Tensor::empty(tensor::DType::u8, {kSlabPages * layout_.bytes}));
    auto* slab = static_cast<std::byte*>(slabs_.back().raw());
    for (std::size_t i = kSlabPages; i > 0; --i)
      free_.push_back(slab + (i - 1) * layout_.bytes);
  }
  std::byte* page = free_.back();
  free_.pop_back();
  // A page's tokens that are not there yet are multiplied by 0 and must be numbers: a text whose
  // numbers overflowed may have left NaN here, which 0 does not take away.
  std::fill_n(page, layout_.bytes, std::byte{0});
  return page;
}

PagedSequence::PagedSequence(PagePool& pool, std::size_t blocks, std::size_t kv_heads)
    : pool_(pool), blocks_(blocks), kv_heads_(kv_heads) {}

PagedSequence::~PagedSequence() {
  for (std::byte* page : pages_)
    pool_.give(page);
}

void PagedSequence::extend(std::int64_t count) {
  length_ += count;
  const std::size_t wanted = (static_cast<std::size_t>(length_) + kPageTokens - 1) / kPageTokens;
  while (pages_.size() < wanted * stride())
    pages_.push_back(pool_.take());
}

}  // namespace aludel::infer
