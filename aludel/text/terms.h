#pragma once

// What a text is about: its terms, and in how many documents of a corpus each occurs.

#include <cstdint>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"

namespace aludel::text {

/// A folded word, or two neighbouring code points of a script without spaces, as a bucket of
/// TermStatistics; symbols are no terms.
struct Term {
  std::uint32_t bucket;
  std::size_t begin;
  std::size_t end;
};

std::vector<Term> split_terms(std::string_view text);

/// The distinct terms of a text, numbered in the order in which they first occur.
struct DistinctTerms {
  std::vector<std::uint32_t> buckets;  // by number
  std::vector<std::uint32_t> numbers;  // of each term of the text
};

/// REQUIRES: terms.size() < 2^31.
DistinctTerms distinct_terms(const std::vector<Term>& terms);

/// Document frequencies of terms, hashed into 2^18 buckets. add() and merge(): one caller at a
/// time.
class TermStatistics {
 public:
  static constexpr std::size_t kBuckets = std::size_t{1} << 18;

  /// Adds a document.
  void add(const DistinctTerms& terms);

  void add(const std::vector<Term>& terms) { add(distinct_terms(terms)); }

  void merge(const TermStatistics& other);

  /// In how many documents there is a term of a bucket.
  std::uint32_t documents_with(std::uint32_t bucket) const { return counts_[bucket]; }

  /// Adds counts of documents that were counted elsewhere: how many they are, their terms together,
  /// and for each bucket how many of them have a term of it.
  void add_documents(std::uint64_t documents, std::uint64_t terms);
  void add_documents_with(std::uint32_t bucket, std::uint32_t documents);

  std::uint64_t documents() const { return documents_; }

  /// Terms in a document, on average.
  double mean_terms() const;

  /// Terms of all documents together.
  std::uint64_t terms() const { return terms_; }

  /// Share of the documents that have the term, smoothed and never 0.
  double document_share(std::uint32_t bucket) const;

  /// -log(document_share).
  double rarity(std::uint32_t bucket) const;

  Json to_json() const;
  /// Errors: corrupt_data for what to_json() did not make.
  static Result<TermStatistics> from_json(const Json& json);

 private:
  std::uint64_t documents_ = 0;
  std::uint64_t terms_ = 0;
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(kBuckets, 0);
};

/// Returns the buckets of the terms in ascending order, each as often as it occurs. Time: linear.
std::vector<std::uint32_t> sorted_buckets(const std::vector<Term>& terms);

}  // namespace aludel::text
