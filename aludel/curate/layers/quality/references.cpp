#include "aludel/curate/layers/quality/references.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "aludel/base/hash.h"

namespace aludel::curate::quality {
namespace {

constexpr double kCommonestReferenceShare = 0.5;  // terms of more documents say nothing
constexpr std::size_t kFewestReferences = 32;     // a correlation over fewer is chance
constexpr std::size_t kAhead = 8;  // OPTIMIZATION: terms whose postings are on their way to the CPU
constexpr double kLeastCopy = 0.4;  // cosine; a document so like one side is a copy of it

/// The products of a document's tf-idf vector with those of the two sides.
struct SideProducts {
  float left = 0;
  float right = 0;
};

/// Returns Pearson's correlation of the two sides' products, without the documents whose product
/// with a side is too large.
double correlation(const std::vector<SideProducts>& documents, SideProducts most) {
  double count = 0;
  double sum_a = 0;
  double sum_b = 0;
  double square_a = 0;
  double square_b = 0;
  double product = 0;
  for (const SideProducts& document : documents) {
    if (document.left >= most.left || document.right >= most.right) continue;
    const auto x = static_cast<double>(document.left);
    const auto y = static_cast<double>(document.right);
    count += 1;
    sum_a += x;
    sum_b += y;
    square_a += x * x;
    square_b += y * y;
    product += x * y;
  }
  if (count < static_cast<double>(kFewestReferences)) return References::kUnknown;
  const double spread_a = square_a - sum_a * sum_a / count;
  const double spread_b = square_b - sum_b * sum_b / count;
  if (spread_a <= 0 || spread_b <= 0) return References::kUnknown;
  return (product - sum_a * sum_b / count) / std::sqrt(spread_a * spread_b);
}

}  // namespace

bool ReferenceSample::has_place_for(std::uint64_t key) const {
  return documents_.size() < kDocuments || key < std::prev(documents_.end())->first;
}

void ReferenceSample::add(std::string_view text, const text::DistinctTerms& terms) {
  const std::uint64_t key = hash64(text) >> 1;  // JSON has signed integers
  if (!has_place_for(key)) return;
  const auto [entry, is_new] = documents_.try_emplace(key);
  if (!is_new) return;
  std::vector<TermCount>& counts = entry->second;
  const std::size_t kept = std::min(terms.buckets.size(), kTerms);
  for (const std::uint32_t bucket : std::span(terms.buckets).first(kept)) {
    counts.push_back({bucket, 0});
  }
  for (const std::uint32_t number : terms.numbers) {
    if (number < kept) ++counts[number].count;
  }
  std::ranges::sort(counts, {}, &TermCount::bucket);
  if (documents_.size() > kDocuments) documents_.erase(std::prev(documents_.end()));
}

std::vector<Json> ReferenceSample::to_rows() const {
  std::vector<Json> rows;
  rows.reserve(documents_.size());
  for (const auto& [key, counts] : documents_) {
    Json::Array row;  // hash, bucket, count, bucket, count
    row.reserve(1 + 2 * counts.size());
    row.emplace_back(key);
    for (const TermCount& term : counts) {
      row.emplace_back(std::int64_t{term.bucket});
      row.emplace_back(std::int64_t{term.count});
    }
    rows.emplace_back(std::move(row));
  }
  return rows;
}

Status ReferenceSample::add_row(const Json& row) {
  const auto corrupt = [] { return Error{Code::corrupt_data, "[references] no sampled document"}; };
  if (!row.is_array()) return corrupt();
  const Json::Array& values = row.as_array();
  const auto is_natural = [](const Json& v) { return v.is_integer() && v.as_integer() >= 0; };
  if (values.size() % 2 == 0 || values.size() > 2 * kTerms + 1 ||
      !std::ranges::all_of(values, is_natural)) {
    return corrupt();
  }
  std::vector<TermCount> counts;
  for (std::size_t i = 1; i < values.size(); i += 2) {
    const std::int64_t bucket = values[i].as_integer();
    const std::int64_t count = values[i + 1].as_integer();
    if (bucket >= std::int64_t{text::TermStatistics::kBuckets} || count == 0 ||
        count > std::int64_t{UINT32_MAX}) {
      return corrupt();
    }
    counts.push_back({static_cast<std::uint32_t>(bucket), static_cast<std::uint32_t>(count)});
  }
  documents_.insert_or_assign(static_cast<std::uint64_t>(values[0].as_integer()),
                              std::move(counts));
  if (documents_.size() > kDocuments) documents_.erase(std::prev(documents_.end()));
  return Ok{};
}

References::References(const ReferenceSample& sample, const text::TermStatistics& statistics)
    : documents_(sample.documents().size()), begins_(text::TermStatistics::kBuckets + 1, 0) {
  for (const auto& [key, counts] : sample.documents()) {
    for (const ReferenceSample::TermCount& term : counts) {
      if (statistics.document_share(term.bucket) <= kCommonestReferenceShare) {
        ++begins_[term.bucket + 1];
      }
    }
  }
  for (std::size_t i = 1; i < begins_.size(); ++i) {
    begins_[i] += begins_[i - 1];
  }
  postings_.resize(begins_.back());
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  std::uint32_t document = 0;
  for (const auto& [key, counts] : sample.documents()) {
    const auto weight_of = [&](const ReferenceSample::TermCount& term) {
      return (1 + std::log(static_cast<double>(term.count))) * statistics.rarity(term.bucket);
    };
    double square = 0;
    for (const ReferenceSample::TermCount& term : counts) {
      square += weight_of(term) * weight_of(term);
    }
    for (const ReferenceSample::TermCount& term : counts) {
      if (statistics.document_share(term.bucket) > kCommonestReferenceShare) continue;
      const double weight = weight_of(term) / std::sqrt(square);
      postings_[next[term.bucket]++] = {document, static_cast<float>(weight)};
    }
    ++document;
  }
}

double References::likeness(std::span<const SideTerm> terms) const {
  std::vector<SideProducts> products(documents_);
  double left_square = 0;
  double right_square = 0;
  for (std::size_t at = 0; at < terms.size(); ++at) {
    if (at + 2 * kAhead < terms.size()) {
      __builtin_prefetch(begins_.data() + terms[at + 2 * kAhead].bucket);
    }
    if (at + kAhead < terms.size()) {
      __builtin_prefetch(postings_.data() + begins_[terms[at + kAhead].bucket]);
    }
    const SideTerm& term = terms[at];
    left_square += term.left * term.left;
    right_square += term.right * term.right;
    const auto left = static_cast<float>(term.left);
    const auto right = static_cast<float>(term.right);
    for (std::uint32_t i = begins_[term.bucket]; i < begins_[term.bucket + 1]; ++i) {
      const Posting& posting = postings_[i];
      SideProducts& product = products[posting.document];
      product.left += left * posting.weight;
      product.right += right * posting.weight;
    }
  }
  return correlation(products, {static_cast<float>(kLeastCopy * std::sqrt(left_square)),
                                static_cast<float>(kLeastCopy * std::sqrt(right_square))});
}

}  // namespace aludel::curate::quality
