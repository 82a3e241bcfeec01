#pragma once

// Repeated runs of words in a corpus that no process sees as a whole.

#include <set>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::exact_dedup {

/// The words of a document in which repeats are found, as hashes; none is equal to one of another
/// scope.
std::vector<std::uint64_t> repeat_word_hashes(const Document& document, Scope scope);

/// For each window of `length` words, in order, which of its seeds it is known by: where the run of
/// (length + 1) / 2 words begins that has the smallest hash, the leftmost of them. Equal windows
/// have equal seeds. Source: Schleimer, Wilkerson & Aiken 2003 (winnowing).
std::vector<std::uint32_t> window_seeds(std::span<const std::uint64_t> words, std::size_t length);

/// Documents of a shard, by number.
using DocumentsOfShard = std::function<Result<std::set<std::uint32_t>>(std::size_t shard)>;

struct RepeatSettings {
  std::size_t length;  // of a window, in words; above 0
  Scope scope;
  DocumentsOfShard skipped;     // they are not looked at, as if they were empty
  std::string skipped_by = {};  // fingerprint of what `skipped` returns
};

/// What find_repeats() finds, as stages. Only windows that stand twice matter, and those have a
/// seed that stands twice. So the seeds are sorted first, 20 bytes for one word in `length` / 4,
/// and then those windows that have a repeated seed, 28 bytes each, by a hash of 128 bits of their
/// words, which stands for them.
class RepeatStages {
 public:
  static Result<RepeatStages> run(const CorpusFit& fit, const RepeatSettings& settings);

  /// A run of words of a shard's document.
  struct Cut {
    std::uint32_t document;
    Range words;
  };

  /// The cuts of a shard in order, one after the other.
  class Cuts {
   public:
    Cuts(std::unique_ptr<exec::SortedRecords> windows, std::size_t length)
        : windows_(std::move(windows)), length_(length) {}

    /// The next one; false at the end.
    Result<bool> next(Cut& cut);

   private:
    std::unique_ptr<exec::SortedRecords> windows_;
    std::size_t length_;
    Cut open_ = {};
    bool is_open_ = false;
  };

  Result<Cuts> cuts(const CorpusFit& fit, std::size_t shard) const;

  std::string fingerprint() const { return repeats_.fingerprint; }

 private:
  std::size_t length_ = 0;
  exec::StageResult repeats_;
};

}  // namespace aludel::curate::exact_dedup
