#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/ngram_lm/ngram_tables.h"

namespace aludel::text {

/// The words that still matter for the next probability: those of the longest n-gram of the model
/// that ends a history. A value, cheap to copy.
struct NgramState {
  std::array<std::uint32_t, kMaxNgramOrder - 1> words = {};  // the last first
  std::array<float, kMaxNgramOrder - 1> backoffs = {};       // of the last, of the last two, …
  int length = 0;
};

/// Total of a sequence.
struct NgramScore {
  double log10 = 0;
  std::uint64_t units = 0;
  std::uint64_t unknown = 0;

  void add(const NgramScore& other);

  /// 10^(-log10 / units); 1 for nothing.
  double perplexity() const;
};

/// An n-gram language model with backoff, read from mapped bytes.
/// Concurrent calls: yes. Docs: docs/formats/ngram_lm.md.
class NgramModel {
 public:
  /// Errors: those of the file system; corrupt_data where tables do not fit the file.
  static Result<NgramModel> load(io::FileSystem& files, const std::string& path);
  static Result<NgramModel> from_bytes(io::MappedFile bytes);

  /// The bytes that load reads back.
  std::string_view bytes() const { return file_.bytes(); }

  int order() const { return order_; }

  NgramUnits units() const { return units_; }

  /// Ids are 0 to vocab_size() - 1.
  std::uint32_t vocab_size() const { return vocab_size_; }

  std::uint32_t begin_id() const { return begin_id_; }

  std::uint32_t end_id() const { return end_id_; }

  std::uint32_t unknown_id() const { return unknown_id_; }

  std::uint64_t ngram_count(int order) const {
    return counts_[static_cast<std::size_t>(order - 1)];
  }

  /// The id of a unit by its hash, else unknown_id().
  std::uint32_t id_of_hash(std::uint64_t hash) const;

  /// State of a sequence's begin (after the begin mark), and of no history at all.
  NgramState begin_state() const;

  NgramState empty_state() const { return {}; }

  /// log10 p(word | state); `state` moves on past the word. Ids outside of the vocabulary count as
  /// the unknown id.
  double log10_probability(NgramState& state, std::uint32_t word) const;

  /// A sequence from its begin; the end mark, where the model has one, is not added.
  NgramScore score(std::span<const std::uint32_t> sequence) const;

 private:
  struct Unigram {
    float probability;
    float backoff;
    std::uint32_t first_child;
  };

  struct Middle {
    std::uint32_t word;
    float probability;
    float backoff;
    std::uint32_t first_child;
  };

  struct Last {
    std::uint32_t word;
    float probability;
  };

  explicit NgramModel(io::MappedFile file) : file_(std::move(file)) {}

  Status read_header();
  Status place_tables();
  Status check_tables() const;

  io::MappedFile file_;
  int order_ = 0;
  NgramUnits units_ = NgramUnits::ids;
  std::uint32_t vocab_size_ = 0;
  std::uint32_t begin_id_ = kNoNgramId;
  std::uint32_t end_id_ = kNoNgramId;
  std::uint32_t unknown_id_ = kNoNgramId;
  std::uint64_t unit_count_ = 0;
  std::array<std::uint64_t, kMaxNgramOrder> counts_ = {};
  std::span<const Unigram> unigrams_;  // one more than counts_, to end the last one's children
  std::array<std::span<const Middle>, kMaxNgramOrder> middles_;  // by order, from 2
  std::span<const Last> last_;
  std::span<const std::uint64_t> unit_hashes_;
  std::span<const std::uint32_t> unit_ids_;
};

}  // namespace aludel::text
