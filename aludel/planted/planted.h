#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"

// Documents with known defects, by which the cascade is measured; see docs/formats/planted.md.
namespace aludel::planted {

/// What should become of a planted document.
enum class PlantedOutcome : std::uint8_t {
  kept,     // a clean page, or a twin that is no near-duplicate: the layers must spare it
  dropped,  // one of the layers drops it
  edited,   // one of the layers removes or repairs what is listed, and the page stays right
  dropped_or_edited,
  dropped_or_split,  // the two halves do not stay together
  kept_once,         // of a group one document keeps what is listed, or stays at all
  down_sampled       // recognised as an advertisement; a share of them stays
};

std::string_view planted_outcome_name(PlantedOutcome outcome);

/// One row of the truth file.
struct PlantedTruth {
  std::string id;
  std::string kind;
  std::vector<std::string> layers;  // meant for it, any of them; empty: all layers
  PlantedOutcome outcome = PlantedOutcome::kept;
  std::string group;                 // documents that are judged together
  std::vector<std::string> gone;     // texts that must not be in it afterwards
  std::vector<std::string> present;  // texts that must be
  Json parameters = Json::object();
};

Json to_json(const PlantedTruth& truth);

/// Errors: corrupt_data for a row that to_json() did not write.
Result<PlantedTruth> planted_truth_from_json(const Json& json);

/// One kind of defect as the program lists it.
struct PlantedKindInfo {
  std::string_view name;
  std::string_view summary;
  std::string_view layers;  // joined by commas
  PlantedOutcome outcome;
};

std::vector<PlantedKindInfo> planted_kinds();

struct PlantSettings {
  std::int64_t seed = 1;
  std::int64_t count = 20;
  std::int64_t controls = 200;
  std::vector<std::string> kinds;

  template <class V>
  void visit(V& v) {
    v("seed", seed, "of everything random: the same seed and pages give the same documents");
    v("count", count, "documents (or groups of them) of each kind", at_least(0));
    v("controls", controls, "clean pages among them, by which losses are counted", at_least(0));
    v("kinds", kinds, "only these kinds; all when empty", one_of(planted_kinds()));
  }
};

struct PlantedSet {
  std::vector<curate::Document> documents;
  std::vector<PlantedTruth> truth;  // one row a document, in its order
};

/// Makes defects out of clean pages, each page being used once; pages that are no prose, or mostly
/// text of another page, are passed over. `evaluation` are texts of evaluation sets.
/// The clean pages should not be in the corpus in another way: their copies would be true
/// duplicates.
/// Errors: invalid_argument for an unknown kind, or too few clean pages, with how many are needed.
Result<PlantedSet> plant(std::vector<curate::Document> clean,
                         const std::vector<std::string>& evaluation, const PlantSettings& settings);

}  // namespace aludel::planted
