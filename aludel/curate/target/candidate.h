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

// Candidates of a target: the documents with their ranking criteria, as records.
namespace aludel::curate {

/// A ranking criterion.
enum class Dial : std::uint8_t { quality, perplexity };

std::string_view dial_name(Dial dial);

/// Sort key of a ranking criterion; larger is better. The key orders documents of equal value.
struct Rank {
  double value;
  std::uint64_t key;
  auto operator<=>(const Rank&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
};

/// Returns the rank by the noted score of layer `quality` or the noted log perplexity; nothing if
/// the document has no such note.
std::optional<Rank> rank_of(const Document& document, Dial dial);

/// A document that may be dropped.
struct Candidate {
  std::uint64_t language = 0;  // hash of its name
  std::uint64_t key = 0;
  std::uint64_t size_bytes = 0;
  std::array<double, 2> values = {};  // by Dial; larger is better; NaN: not noted

  double value(Dial dial) const { return values[static_cast<std::size_t>(dial)]; }

  bool has_rank(Dial dial) const { return !std::isnan(value(dial)); }
};

Candidate candidate_of(const Document& document);

constexpr std::size_t kCandidateBytes = 48;  // of either record

/// Writes a record that sorts by language, then by the dial's value, the worst first. A document
/// without a rank sorts last.
std::string_view record_by_language(exec::RecordBuilder& record, const Candidate& candidate,
                                    Dial dial);

Candidate parse_by_language(std::string_view bytes);

/// A candidate with its position in the order in which a dial drops documents.
struct PlacedCandidate {
  double percentile;  // within its language
  Candidate candidate;
};

/// Writes a record that sorts by percentile, then by key. REQUIRES: the percentile is not negative.
std::string_view record_by_percentile(exec::RecordBuilder& record, const PlacedCandidate& placed);

PlacedCandidate parse_by_percentile(std::string_view bytes);

/// A language's name, and its number of candidates with a rank by each dial.
struct LanguageCounts {
  std::string name;
  std::array<std::uint64_t, 2> ranked = {};  // by Dial
};

using Languages = std::map<std::uint64_t, LanguageCounts>;  // by hash of the name

/// Adds a candidate to the counts of its language.
void count(Languages& languages, const std::string& name, const Candidate& candidate);

/// Returns the value of `languages` in the counts of a task.
Json to_json(const Languages& languages);

/// Returns the sum of these counts over all tasks of a stage.
Languages languages_of(const exec::StageResult& stage);

}  // namespace aludel::curate
