#include "aludel/curate/target/candidate.h"

#include <bit>
#include <limits>

#include "aludel/base/hash.h"
#include "aludel/curate/document/annotations.h"

namespace aludel::curate {
namespace {

constexpr Dial kDials[] = {Dial::quality, Dial::perplexity};

void put_rest(exec::RecordBuilder& record, const Candidate& candidate) {
  record.number(candidate.size_bytes);
  for (const double value : candidate.values) {
    record.number(std::bit_cast<std::uint64_t>(value));
  }
}

void take_rest(exec::RecordParser& record, Candidate& candidate) {
  candidate.size_bytes = record.number();
  for (double& value : candidate.values) {
    value = std::bit_cast<double>(record.number());
  }
}

}  // namespace

std::string_view dial_name(Dial dial) {
  return dial == Dial::quality ? "quality" : "perplexity";
}

std::optional<Rank> rank_of(const Document& document, Dial dial) {
  const auto value = dial == Dial::quality ? quality_score(document) : log_perplexity(document);
  if (!value) return std::nullopt;
  const double better = dial == Dial::quality ? *value : -*value;
  return Rank{better, hash64(document.id) >> 1};  // >> 1 to fit JSON's signed integers
}

Candidate candidate_of(const Document& document) {
  Candidate candidate{hash64(document.language), 0, document.text.size(), {}};
  for (const Dial dial : kDials) {
    const auto rank = rank_of(document, dial);
    candidate.values[static_cast<std::size_t>(dial)] =
        rank ? rank->value : std::numeric_limits<double>::quiet_NaN();
    if (rank) candidate.key = rank->key;
  }
  return candidate;
}

std::string_view record_by_language(exec::RecordBuilder& record, const Candidate& candidate,
                                    Dial dial) {
  const std::uint64_t order = candidate.has_rank(dial) ? exec::falling_key(-candidate.value(dial))
                                                       : std::numeric_limits<std::uint64_t>::max();
  record.clear().number(candidate.language).number(order).number(candidate.key);
  put_rest(record, candidate);
  return record.bytes();
}

Candidate parse_by_language(std::string_view bytes) {
  exec::RecordParser record(bytes);
  Candidate candidate;
  candidate.language = record.number();
  record.number();  // the order
  candidate.key = record.number();
  take_rest(record, candidate);
  return candidate;
}

std::string_view record_by_percentile(exec::RecordBuilder& record, const PlacedCandidate& placed) {
  record.clear().number(std::bit_cast<std::uint64_t>(placed.percentile));
  record.number(placed.candidate.key).number(placed.candidate.language);
  put_rest(record, placed.candidate);
  return record.bytes();
}

PlacedCandidate parse_by_percentile(std::string_view bytes) {
  exec::RecordParser record(bytes);
  PlacedCandidate placed{};
  placed.percentile = std::bit_cast<double>(record.number());
  placed.candidate.key = record.number();
  placed.candidate.language = record.number();
  take_rest(record, placed.candidate);
  return placed;
}

void count(Languages& languages, const std::string& name, const Candidate& candidate) {
  LanguageCounts& language = languages[candidate.language];
  language.name = name;
  for (const Dial dial : kDials) {
    if (candidate.has_rank(dial)) ++language.ranked[static_cast<std::size_t>(dial)];
  }
}

Json to_json(const Languages& languages) {
  Json json = Json::object();
  for (const auto& [hash, language] : languages) {
    Json row = Json::object();
    for (const Dial dial : kDials) {
      row[dial_name(dial)] = language.ranked[static_cast<std::size_t>(dial)];
    }
    json[language.name] = std::move(row);
  }
  return json;
}

Languages languages_of(const exec::StageResult& stage) {
  Languages languages;
  for (const Json& counts : stage.counts) {
    const Json* rows = counts.find("languages");
    if (rows == nullptr) continue;
    for (const auto& [name, row] : rows->as_object()) {
      LanguageCounts& language = languages[hash64(name)];
      language.name = name;
      for (const Dial dial : kDials) {
        language.ranked[static_cast<std::size_t>(dial)] +=
            static_cast<std::uint64_t>(row.integer_or(dial_name(dial), 0));
      }
    }
  }
  return languages;
}

}  // namespace aludel::curate
