#pragma once

// The plan that finds repeated runs of words in a corpus.

#include <set>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"
#include "aludel/curate/layers/shared/scope.h"
#include "aludel/curate/learn/corpus.h"

namespace aludel::curate::exact_dedup {

/// Returns the hashes of a document's words, in which repeats are found. They differ from all
/// hashes of other scopes.
std::vector<std::uint64_t> repeat_word_hashes(const Document& document, Scope scope);

/// The run of (length + 1) / 2 words with the smallest hash in a window of `length` words.
struct WindowSeed {
  std::uint64_t hash;   // of the run
  std::uint32_t begin;  // its first word
};

/// Returns the seed of each window, in order; the leftmost run on a tie. Equal windows have equal
/// seeds. Source: Schleimer, Wilkerson & Aiken 2003 (winnowing).
std::vector<WindowSeed> window_seeds(std::span<const std::uint64_t> words, std::size_t length);

/// Returns the numbers of some documents of a shard.
using DocumentsOfShard = std::function<Result<std::set<std::uint32_t>>(std::size_t shard)>;

struct RepeatSettings {
  std::size_t length;  // of a window, in words; above 0
  Scope scope;
  DocumentsOfShard skipped;     // these documents count as empty
  std::string skipped_by = {};  // fingerprint of what `skipped` returns
};

/// The stages that find what find_repeats() finds. Only windows that occur twice matter, and their
/// seed occurs twice. So the stages first sort the seeds, 20 bytes for one word in `length` / 4;
/// then the windows with a repeated seed, 28 bytes each, by a 128-bit hash that stands for their
/// words.
class RepeatStages {
 public:
  /// Runs the stages.
  static Result<RepeatStages> run(const CorpusFit& fit, const RepeatSettings& settings);

  /// A run of words to cut out of a shard's document.
  struct Cut {
    std::uint32_t document;
    Range words;
  };

  /// Reader of the cuts of a shard, in order.
  class Cuts {
   public:
    Cuts(std::unique_ptr<exec::SortedRecords> windows, std::size_t length)
        : windows_(std::move(windows)), length_(length) {}

    /// Reads the next cut; returns false at the end.
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
