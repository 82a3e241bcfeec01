#pragma once

// Documents of the corpus that a text's two sides are compared with.

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// A sample of a corpus: the documents whose texts have the least hashes, so that every way to part
/// the corpus gives the same sample. Holds at most 8 MiB. add() and merge(): one caller at a time.
class ReferenceSample {
 public:
  static constexpr std::size_t kDocuments = 1024;
  static constexpr std::size_t kTerms = 1024;  // the first distinct ones of a document are kept

  struct TermCount {
    std::uint32_t bucket;
    std::uint32_t count;
  };

  /// Takes `terms`, which are those of `text`, where the text's hash is among the least.
  void add(std::string_view text, const std::vector<text::Term>& terms);
  void merge(const ReferenceSample& other);

  /// By hash; the terms of a document are in order of their buckets.
  const std::map<std::uint64_t, std::vector<TermCount>>& documents() const { return documents_; }

  /// A row for each document; add_row() reads one back. Errors: corrupt_data for what is none.
  std::vector<Json> to_rows() const;
  Status add_row(const Json& row);

 private:
  /// True if a document of that key would be kept.
  bool has_place_for(std::uint64_t key) const;

  std::map<std::uint64_t, std::vector<TermCount>> documents_;
};

/// The tf-idf weight of a term on each side of a gap; 0 on a side that has none of it.
struct SideTerm {
  std::uint32_t bucket;
  double left;
  double right;
};

/// Tells whether two texts resemble the same documents, even if they share no term. Concurrent
/// calls: yes.
class References {
 public:
  /// Half-way between what the sides of a page and those of a joined text have on average.
  static constexpr double kUnknown = 0.35;

  References(const ReferenceSample& sample, const text::TermStatistics& statistics);

  /// Correlation, over the sampled documents, of the two sides' products with each document's
  /// tf-idf vector: -1 to 1, or kUnknown where too few documents tell. The text itself and copies
  /// of a side are left out, since they say nothing about the other side. Terms of more than half
  /// of the documents do not count. Time: the terms' occurrences in the sample.
  double likeness(std::span<const SideTerm> terms) const;

 private:
  struct Posting {
    std::uint32_t document;
    float weight;
  };

  std::size_t documents_;
  std::vector<std::uint32_t> begins_;  // of a bucket's postings; one more than there are buckets
  std::vector<Posting> postings_;
};

}  // namespace aludel::curate::quality
