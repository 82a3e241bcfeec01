#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/ngram_lm/ngram_table_writer.h"

namespace aludel::text {

/// A language model in ARPA form, as SRILM and KenLM write it, of order 1 to kMaxNgramOrder. A
/// missing backoff is 0, a missing <unk> has log10 probability -100, and an n-gram whose shorter
/// ending is missing gets that ending with the probability that backing off gives it.
class ArpaModel {
 public:
  /// Holds all n-grams in memory: about 36 bytes each. `text` must live until it returns.
  /// Errors: corrupt_data with the line; unsupported for a higher order; resource_exhausted where
  /// the n-grams that the text announces take more than `memory_bytes`.
  static Result<ArpaModel> parse(std::string_view text, std::uint64_t memory_bytes);

  int order() const { return static_cast<int>(ngrams_.size()); }

  /// The words' hashes by id.
  const std::vector<std::uint64_t>& units() const { return units_; }

  NgramMarks marks() const { return marks_; }

  /// Errors: the sink's.
  Status add_to(NgramSink& sink) const;

 private:
  friend class ArpaParser;

  /// Words from the last to the first; what the order does not use is 0.
  using ReversedWords = std::array<std::uint32_t, kMaxNgramOrder>;

  struct ArpaNgram {
    ReversedWords words = {};
    float probability = 0;
    float backoff = 0;
    bool is_missing = false;  // not in the file, but a longer one ends in it
  };

  using Ids = std::unordered_map<std::string_view, std::uint32_t>;

  static ReversedWords without_first(ReversedWords words, std::size_t order);
  static ReversedWords without_last(const ReversedWords& words);
  static const ArpaNgram* find_ngram(const std::vector<ArpaNgram>& sorted,
                                     const ReversedWords& words);

  Status take_marks(const Ids& ids);
  Status sort_ngrams();
  void add_missing_endings();
  void back_off_missing();

  std::vector<std::vector<ArpaNgram>> ngrams_;  // by order - 1
  std::vector<std::uint64_t> units_;
  NgramMarks marks_;
};

/// The model file of an ARPA text. Errors: those of ArpaModel::parse and of the sorters' files.
Status convert_arpa(std::string_view text, std::uint64_t memory_bytes, NgramPrecision precision,
                    const exec::SortPlace& place, io::ByteWriter& out);

}  // namespace aludel::text
