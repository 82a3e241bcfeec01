#pragma once

// A sample of the corpus with which the two sides of a text are compared.

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/terms.h"

namespace aludel::curate::quality {

/// A sample of a corpus: the documents whose texts have the smallest hashes, so that the sample
/// does not depend on how the corpus is split. Holds at most 8 MiB. One caller at a time.
class ReferenceSample {
 public:
  static constexpr std::size_t kDocuments = 1024;
  static constexpr std::size_t kTerms = 1024;  // a document keeps its first distinct terms

  struct TermCount {
    std::uint32_t bucket;
    std::uint32_t count;
  };

  /// Adds `terms`, the terms of `text`, if the text's hash is among the smallest.
  void add(std::string_view text, const text::DistinctTerms& terms);

  /// Returns the documents by hash; a document's terms are in the order of their buckets.
  const std::map<std::uint64_t, std::vector<TermCount>>& documents() const { return documents_; }

  /// Returns a row for each document.
  std::vector<Json> to_rows() const;

  /// Takes the document of such a row, where its text's hash is among the least. Errors:
  /// corrupt_data for what is no such row.
  Status add_row(const Json& row);

 private:
  /// True if a document of that key would be kept.
  bool has_place_for(std::uint64_t key) const;

  std::map<std::uint64_t, std::vector<TermCount>> documents_;
};

/// The tf-idf weight of a term on each side of a gap; 0 on a side without the term.
struct SideTerm {
  std::uint32_t bucket;
  double left;
  double right;
};

/// A test of whether two texts resemble the same documents, even if they share no term. Concurrent
/// calls: yes.
class References {
 public:
  /// The mean of the average likeness in real pages and in texts joined of two.
  static constexpr double kUnknown = 0.35;

  References(const ReferenceSample& sample, const text::TermStatistics& statistics);

  /// Returns the correlation, over the sampled documents, of the two sides' products with a
  /// document's tf-idf vector: -1 to 1, or kUnknown if too few documents have any. Leaves out the
  /// text itself and copies of a side, because they say nothing about the other side, and terms of
  /// more than half of the documents. Time: the terms' occurrences in the sample.
  double likeness(std::span<const SideTerm> terms) const;

 private:
  struct Posting {
    std::uint32_t document;
    float weight;
  };

  std::size_t documents_;
  std::vector<std::uint32_t> begins_;  // where each bucket's postings begin, then where all end
  std::vector<Posting> postings_;
};

}  // namespace aludel::curate::quality
