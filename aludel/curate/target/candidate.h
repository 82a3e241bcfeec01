#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/curate/document/document.h"
#include "aludel/exec/record_bytes.h"
#include "aludel/exec/shuffle.h"

// What a target is chosen from: documents by what its dials turn on, as records.
namespace aludel::curate {

enum class Dial : std::uint8_t { quality, perplexity };

std::string_view dial_name(Dial dial);

/// What a dial turns on: better is larger; documents of equal value fall in the order of the key.
struct Rank {
  double value;
  std::uint64_t key;
  auto operator<=>(const Rank&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
};

/// By the noted score of layer `quality` or log perplexity; none where it was not noted.
std::optional<Rank> rank_of(const Document& document, Dial dial);

/// A document that may fall.
struct Candidate {
  std::uint64_t language = 0;  // hash of its name
  std::uint64_t key = 0;
  std::uint64_t size_bytes = 0;
  std::array<double, 2> values = {};  // by Dial; better is larger; NaN: none

  double value(Dial dial) const { return values[static_cast<std::size_t>(dial)]; }

  bool has_rank(Dial dial) const { return !std::isnan(value(dial)); }
};

Candidate candidate_of(const Document& document);

constexpr std::size_t kCandidateBytes = 48;  // of either record

/// Sorts by language and by what the dial turns on, the worst first; what has no rank comes last.
std::string_view record_by_language(exec::RecordBuilder& record, const Candidate& candidate,
                                    Dial dial);

Candidate parse_by_language(std::string_view bytes);

/// A candidate's place in the order in which a dial drops documents.
struct PlacedCandidate {
  double percentile;  // within its language
  Candidate candidate;
};

/// Sorts by percentile, which is not negative, then by key.
std::string_view record_by_percentile(exec::RecordBuilder& record, const PlacedCandidate& placed);

PlacedCandidate parse_by_percentile(std::string_view bytes);

/// Of one language: its name, and how many candidates each dial has a rank of.
struct LanguageCounts {
  std::string name;
  std::array<std::uint64_t, 2> ranked = {};  // by Dial
};

using Languages = std::map<std::uint64_t, LanguageCounts>;  // by hash of the name

void count(Languages& languages, const std::string& name, const Candidate& candidate);

/// For the counts of a task, as `languages`.
Json to_json(const Languages& languages);

/// Of all tasks of a stage together.
Languages languages_of(const exec::StageResult& stage);

}  // namespace aludel::curate
