#include "aludel/curate/layers/quality/language_summaries.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "aludel/curate/document/annotations.h"

namespace aludel::curate::quality {
namespace {

/// [documents, terms, bucket, documents with it, bucket, …]: a shard has few of all buckets.
Json sparse(const text::TermStatistics& terms) {
  Json::Array numbers = {terms.documents(), terms.terms()};
  for (std::uint32_t bucket = 0; bucket < text::TermStatistics::kBuckets; ++bucket) {
    const std::uint32_t documents = terms.documents_with(bucket);
    if (documents == 0) continue;
    numbers.emplace_back(std::int64_t{bucket});
    numbers.emplace_back(std::int64_t{documents});
  }
  return numbers;
}

Status add_sparse(const Json& row, text::TermStatistics& terms) {
  const Error wrong{Code::corrupt_data, "[layers.quality] a summary's terms are no pairs"};
  if (!row.is_array() || row.as_array().size() < 2 || row.as_array().size() % 2 != 0) return wrong;
  const Json::Array& numbers = row.as_array();
  const auto is_natural = [](const Json& v) { return v.is_integer() && v.as_integer() >= 0; };
  if (!std::ranges::all_of(numbers, is_natural)) return wrong;
  terms.add_documents(static_cast<std::uint64_t>(numbers[0].as_integer()),
                      static_cast<std::uint64_t>(numbers[1].as_integer()));
  for (std::size_t i = 2; i < numbers.size(); i += 2) {
    const std::int64_t bucket = numbers[i].as_integer();
    const std::int64_t documents = numbers[i + 1].as_integer();
    if (bucket >= std::int64_t{text::TermStatistics::kBuckets} ||
        documents > std::int64_t{UINT32_MAX}) {
      return wrong;
    }
    terms.add_documents_with(static_cast<std::uint32_t>(bucket),
                             static_cast<std::uint32_t>(documents));
  }
  return Ok{};
}

}  // namespace

double rounded_score(double score) {
  return static_cast<double>(QuantileSketch::rounded(static_cast<float>(score)));
}

double noted_score(const Document& document) {
  const Json* notes = document.annotations.find("quality");
  if (notes == nullptr) return 0;
  return rounded_score(notes->number_or("whole_score", notes->number_or(kQualityScore.key, 0)));
}

void LanguageSummaries::add(const Document& document) {
  Summary& language = languages_[document.language];
  language.scores.add(static_cast<float>(noted_score(document)));
  const text::DistinctTerms terms = text::distinct_terms(text::split_terms(document.text));
  language.terms.add(terms);
  language.references.add(document.text, terms);
}

std::vector<Json> LanguageSummaries::rows() const {
  std::vector<Json> rows;
  for (const auto& [name, language] : languages_) {
    Json row = Json::object();
    row["language"] = name;
    row["scores"] = language.scores.to_json();
    row["terms"] = sparse(language.terms);
    rows.push_back(std::move(row));
    std::ranges::move(reference_rows(name, language.references), std::back_inserter(rows));
  }
  return rows;
}

Status LanguageSummaries::add_row(const Json& row) {
  Summary& language = languages_[row.string_or("language", "")];
  if (const Json* reference = row.find("reference"); reference != nullptr) {
    return language.references.add_row(*reference);
  }
  const Json* scores = row.find("scores");
  const Json* terms = row.find("terms");
  if (scores == nullptr || terms == nullptr) {
    return Error{Code::corrupt_data, "[layers.quality] a summary without scores or terms"};
  }
  language.scores.merge(ALUDEL_TRY(QuantileSketch::from_json(*scores)));
  return add_sparse(*terms, language.terms);
}

std::vector<Json> LanguageSummaries::reference_rows(const std::string& language,
                                                    const ReferenceSample& references) {
  std::vector<Json> rows;
  for (Json& document : references.to_rows()) {
    Json& row = rows.emplace_back(Json::object());
    row["language"] = language;
    row["reference"] = std::move(document);
  }
  return rows;
}

}  // namespace aludel::curate::quality
