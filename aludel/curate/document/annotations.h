#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/curate/document/document.h"

// The notes of one layer that others read. The layer writes them under the key that stands here,
// and nobody else spells it; every other note is its layer's own.
namespace aludel::curate {

/// A value at annotations[layer][key].
struct SharedNote {
  std::string_view layer;
  std::string_view key;
};

/// Where reading notes what it knew of a document, as if it were a layer before the first.
inline constexpr std::string_view kReadLayer = "read";

inline constexpr SharedNote kRecordId{kReadLayer, "id"};
inline constexpr SharedNote kPageTitle{"language", "title"};
inline constexpr SharedNote kReplacedPersonalData{"correction", "pii"};
inline constexpr SharedNote kLogPerplexity{"perplexity", "log"};
inline constexpr SharedNote kQualityScore{"quality", "score"};
inline constexpr SharedNote kTopic{"topic", "topic"};

/// Lists of groups that the report counts: beside the layers' notes, since all layers share them.
inline constexpr std::string_view kDialectGroups = "dialect";
inline constexpr std::string_view kIdentityGroups = "identity";

/// The id that the record had before the run gave the document its own.
std::optional<std::string> record_id(const Document& document);

/// The title of a page, which extraction leaves out of the text; empty where there is none.
std::string page_title(const Document& document);

/// How often layer `correction` replaced personal data, by kind.
std::map<std::string, std::int64_t> replaced_personal_data(const Document& document);

/// The mean of -log p over the words; nothing where no model knows the language.
std::optional<double> log_perplexity(const Document& document);

/// The probability of good text, 0 to 1; nothing where layer `quality` did not judge.
std::optional<double> quality_score(const Document& document);

/// The most probable topic; empty where layer `topic` did not judge.
std::string topic_of(const Document& document);

}  // namespace aludel::curate
