#pragma once

// Which texts hold parts of evaluation sets.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::text {

/// What of a text stands in an evaluation set too.
struct Contamination {
  std::size_t short_runs = 0;  // runs of 13 words, and items of 8 to 12 words as a whole
  std::size_t long_runs = 0;   // runs of 30 words
  std::size_t set = 0;         // of the first run found, if there is any
};

/// Hashes of the runs of words of evaluation items; words as in split_words of the folded text
/// (fold.h), without symbols and case. Built once, then only read. Concurrent find(): yes.
/// Sources: Brown et al. 2020, arXiv:2005.14165 appendix C (13 words, items from 8 words on);
/// Yi-Lightning, arXiv:2412.01253 (30 words).
class ContaminationIndex {
 public:
  static constexpr std::size_t kShortRun = 13;
  static constexpr std::size_t kLongRun = 30;
  static constexpr std::size_t kShortestItem = 8;

  static constexpr std::string_view kFileMagic = "ALUDELE2";

  /// Index of every string of 8 words or more in the rows of the JSONL files, however deep, and of
  /// what is in files that to_bytes() gave. Errors: those of reading.
  static Result<ContaminationIndex> build(io::FileSystem& files,
                                          const std::vector<std::string>& paths);

  /// The index as a file (docs/formats/evaluation_index.md): hashes and the sets' names, none of
  /// the items' words. REQUIRES: frozen.
  std::string to_bytes() const;

  /// Errors: corrupt_data; unsupported for an index of an earlier version, whose words were not
  /// folded.
  static Result<ContaminationIndex> from_bytes(std::string_view bytes);

  /// Adds one item of the set numbered `set`; freeze() comes before find().
  void add(std::string_view item, std::size_t set);
  void freeze();

  /// The runs of the text that are in the index, each place counted.
  Contamination find(std::string_view text) const;

  std::size_t size() const { return entries_.size(); }

  /// The paths of the items that build() read, by number of set.
  const std::vector<std::string>& sets() const { return sets_; }

 private:
  struct Entry {
    std::uint64_t hash;
    std::uint32_t length;
    std::uint32_t set;
    auto operator<=>(const Entry&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
  };

  /// Adds all of another index, whose sets get the numbers after those that are here.
  void add_all(const ContaminationIndex& other);

  const Entry* lookup(std::uint64_t hash, std::size_t length) const;

  std::vector<std::string> sets_;
  std::vector<Entry> entries_;         // sorted after freeze()
  std::vector<std::uint64_t> filter_;  // two bits for each hash; most lookups end here
  std::vector<std::size_t> lengths_;   // the lengths that occur
};

}  // namespace aludel::text
