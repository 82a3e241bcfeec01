#include "aludel/text/terms.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "aludel/base/hash.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

std::uint32_t bucket_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash % TermStatistics::kBuckets);
}

}  // namespace

std::vector<Term> split_terms(std::string_view text) {
  const std::vector<Word> words = split_words(text, Case::folded);
  std::vector<Term> terms;
  terms.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word& word = words[i];
    if (word.kind == WordKind::word) {
      terms.push_back({bucket_of(word.hash), word.begin, word.end});
    } else if (word.kind == WordKind::cjk && i + 1 < words.size() &&
               words[i + 1].kind == WordKind::cjk && words[i + 1].begin == word.end) {
      const std::uint64_t pair = mix64(word.hash * 3 + words[i + 1].hash);
      terms.push_back({bucket_of(pair), word.begin, words[i + 1].end});
    }
  }
  return terms;
}

std::vector<std::uint32_t> sorted_buckets(const std::vector<Term>& terms) {
  // OPTIMIZATION: a counting sort by the lower half of the bits, then by the upper half.
  constexpr std::size_t kDigits = 512;
  static_assert(TermStatistics::kBuckets == kDigits * kDigits);
  std::array<std::uint32_t, kDigits> lower_begins{};
  std::array<std::uint32_t, kDigits> upper_begins{};
  for (const Term& term : terms) {
    ++lower_begins[term.bucket % kDigits];
    ++upper_begins[term.bucket / kDigits];
  }
  std::exclusive_scan(lower_begins.begin(), lower_begins.end(), lower_begins.begin(), 0U);
  std::exclusive_scan(upper_begins.begin(), upper_begins.end(), upper_begins.begin(), 0U);
  std::vector<std::uint32_t> by_lower(terms.size());
  for (const Term& term : terms) {
    by_lower[lower_begins[term.bucket % kDigits]++] = term.bucket;
  }
  std::vector<std::uint32_t> sorted(terms.size());
  for (const std::uint32_t bucket : by_lower) {
    sorted[upper_begins[bucket / kDigits]++] = bucket;
  }
  return sorted;
}

DistinctTerms distinct_terms(const std::vector<Term>& terms) {
  // Finds a bucket's number: in a table that is sized to the text and not to all buckets.
  const std::size_t size = std::bit_ceil(2 * std::min(terms.size(), TermStatistics::kBuckets) + 2);
  const int shift = 32 - std::countr_zero(size);
  std::vector<std::uint32_t> slots(size, 0);  // 1 + a bucket's number; 0: free
  DistinctTerms distinct;
  distinct.buckets.reserve(size / 2);
  distinct.numbers.reserve(terms.size());
  for (const Term& term : terms) {
    std::size_t slot = (term.bucket * 0x9E3779B1U) >> shift;
    while (slots[slot] != 0 && distinct.buckets[slots[slot] - 1] != term.bucket) {
      slot = (slot + 1) & (size - 1);
    }
    if (slots[slot] == 0) {
      distinct.buckets.push_back(term.bucket);
      slots[slot] = static_cast<std::uint32_t>(distinct.buckets.size());
    }
    distinct.numbers.push_back(slots[slot] - 1);
  }
  return distinct;
}

void TermStatistics::add(const DistinctTerms& terms) {
  for (const std::uint32_t bucket : terms.buckets) {
    ++counts_[bucket];
  }
  ++documents_;
  terms_ += terms.numbers.size();
}

void TermStatistics::merge(const TermStatistics& other) {
  documents_ += other.documents_;
  terms_ += other.terms_;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    counts_[i] += other.counts_[i];
  }
}

void TermStatistics::add_documents(std::uint64_t documents, std::uint64_t terms) {
  documents_ += documents;
  terms_ += terms;
}

void TermStatistics::add_documents_with(std::uint32_t bucket, std::uint32_t documents) {
  counts_[bucket] += documents;
}

double TermStatistics::mean_terms() const {
  return documents_ == 0 ? 0 : static_cast<double>(terms_) / static_cast<double>(documents_);
}

double TermStatistics::document_share(std::uint32_t bucket) const {
  return (counts_[bucket] + 0.5) / (static_cast<double>(documents_) + 1);
}

double TermStatistics::rarity(std::uint32_t bucket) const {
  return -std::log(document_share(bucket));
}

Json TermStatistics::to_json() const {
  Json::Array counts;  // bucket, count, bucket, count
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (counts_[i] == 0) continue;
    counts.emplace_back(static_cast<std::int64_t>(i));
    counts.emplace_back(static_cast<std::int64_t>(counts_[i]));
  }
  Json json = Json::object();
  json["documents"] = documents_;
  json["terms"] = terms_;
  json["counts"] = std::move(counts);
  return json;
}

Result<TermStatistics> TermStatistics::from_json(const Json& json) {
  const auto corrupt = [] { return Error{Code::corrupt_data, "[terms] no term statistics"}; };
  TermStatistics statistics;
  const std::int64_t documents = json.integer_or("documents", -1);
  const std::int64_t terms = json.integer_or("terms", -1);
  const Json* counts = json.find("counts");
  if (documents < 0 || terms < 0 || counts == nullptr || !counts->is_array()) return corrupt();
  statistics.documents_ = static_cast<std::uint64_t>(documents);
  statistics.terms_ = static_cast<std::uint64_t>(terms);
  const Json::Array& list = counts->as_array();
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
    if (!list[i].is_integer() || !list[i + 1].is_integer()) return corrupt();
    const std::int64_t bucket = list[i].as_integer();
    const std::int64_t count = list[i + 1].as_integer();
    if (bucket < 0 || bucket >= static_cast<std::int64_t>(kBuckets) || count < 0 ||
        count > documents) {
      return corrupt();
    }
    statistics.counts_[static_cast<std::size_t>(bucket)] = static_cast<std::uint32_t>(count);
  }
  return statistics;
}

}  // namespace aludel::text
