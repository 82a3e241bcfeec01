#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/planted/pages.h"
#include "aludel/planted/planted.h"

namespace aludel::planted {

/// What a kind may use to make its `item`-th defect.
struct PlantingContext {
  CleanPages& pages;
  const std::vector<std::string>& evaluation;
  std::uint64_t item;  // from 0, within the kind
  Rng& random;         // keyed by seed, kind and item

  /// Two items in three are English while there are Chinese pages too.
  PageLanguage language() const;
};

/// A document in the making; id, kind, layers and outcome are set by plant().
struct PlantedDocument {
  std::string text;
  std::string language;
  std::vector<std::string> gone;
  std::vector<std::string> present;
  Json parameters = Json::object();
};

/// Which clean pages a kind takes.
enum class PagesTaken : std::uint8_t { any, of_two_collections };

/// One kind of defect. `make` gives one document, or all of a group.
struct PlantedKind {
  std::string_view name;
  std::string_view summary;
  std::string_view layers;  // joined by commas
  PlantedOutcome outcome;
  Result<std::vector<PlantedDocument>> (*make)(PlantingContext& context);
  PagesTaken pages = PagesTaken::any;
};

/// The parts of the list of kinds, by what they are about.
std::span<const PlantedKind> rule_kinds();        // language, metrics, repetition
std::span<const PlantedKind> correction_kinds();  // personal data, encodings, menus
std::span<const PlantedKind> duplicate_kinds();   // near and exact, paragraphs, passages
std::span<const PlantedKind> incoherent_kinds();  // shuffled, spliced, empty of meaning
std::span<const PlantedKind> content_kinds();     // unsafe text, advertisements, evaluation items

}  // namespace aludel::planted
