#include "aludel/planted/planted.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/config.h"
#include "aludel/base/hash.h"
#include "aludel/planted/kinds.h"

namespace aludel::planted {
namespace {

constexpr std::array<std::string_view, 7> kOutcomeNames = {
    "kept",      "dropped",     "edited", "dropped_or_edited", "dropped_or_split",
    "kept_once", "down_sampled"};

std::vector<PlantedKind> all_kinds() {
  std::vector<PlantedKind> kinds;
  for (const auto part :
       {rule_kinds(), correction_kinds(), incoherent_kinds(), duplicate_kinds(), content_kinds()}) {
    kinds.insert(kinds.end(), part.begin(), part.end());
  }
  return kinds;
}

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Json strings(const std::vector<std::string>& items) {
  return Json(Json::Array(items.begin(), items.end()));
}

std::vector<std::string> strings_of(const Json& json, std::string_view key) {
  std::vector<std::string> items;
  const Json* array = json.find(key);
  if (array == nullptr || !array->is_array()) return items;
  for (const Json& item : array->as_array()) {
    if (item.is_string()) items.push_back(item.as_string());
  }
  return items;
}

/// REQUIRES: there are kinds of these names.
std::vector<PlantedKind> kinds_named(const std::vector<std::string>& names) {
  const std::vector<PlantedKind> all = all_kinds();
  if (names.empty()) return all;
  std::vector<PlantedKind> chosen;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(all, name, &PlantedKind::name);
    ALUDEL_CHECK(found != all.end(), "[plant] an unknown kind passed validation");
    chosen.push_back(*found);
  }
  return chosen;
}

class Planter {
 public:
  Planter(CleanPages pages, const std::vector<std::string>& evaluation, std::uint64_t seed)
      : pages_(std::move(pages)), evaluation_(evaluation), seed_(seed) {}

  Status plant(const PlantedKind& kind, std::uint64_t item) {
    Rng random(seed_ ^ hash64(kind.name), item);
    PlantingContext context{pages_, evaluation_, item, random};
    auto documents = ALUDEL_TRY(kind.make(context));
    const std::string base = fmt::format("planted-{}-{}", kind.name, item);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      const bool is_group = documents.size() > 1;
      PlantedTruth truth;
      truth.id = is_group ? fmt::format("{}-{}", base, i) : base;
      truth.kind = kind.name;
      truth.layers = split_at_commas(kind.layers);
      truth.outcome = kind.outcome;
      if (is_group) truth.group = base;
      add(std::move(documents[i]), std::move(truth));
    }
    return Ok{};
  }

  /// A clean page under an id of its own.
  Status plant_control(std::uint64_t item) {
    Rng random(seed_, item);
    const PlantingContext context{pages_, evaluation_, item, random};
    CleanPage page = ALUDEL_TRY(pages_.take(context.language()));
    PlantedDocument document;
    document.text = std::move(page.text);
    document.parameters["collection"] = page.collection;
    PlantedTruth truth;
    truth.id = fmt::format("planted-clean-{}", item);
    truth.kind = "clean";
    add(std::move(document), std::move(truth));
    return Ok{};
  }

  /// In an order that has nothing to do with the kinds.
  PlantedSet finish() {
    std::vector<std::size_t> order(set_.documents.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::ranges::sort(order, {},
                      [&](std::size_t i) { return hash64(set_.documents[i].id, seed_); });
    PlantedSet mixed;
    for (const std::size_t i : order) {
      mixed.documents.push_back(std::move(set_.documents[i]));
      mixed.truth.push_back(std::move(set_.truth[i]));
    }
    return mixed;
  }

 private:
  void add(PlantedDocument planted, PlantedTruth truth) {
    curate::Document& document = set_.documents.emplace_back();
    document.id = truth.id;
    document.url = "https://planted.example/" + truth.id;
    document.source = "planted";
    document.kind = "open";
    document.licence = "CC0-1.0";
    document.text = std::move(planted.text);
    truth.gone = std::move(planted.gone);
    truth.present = std::move(planted.present);
    truth.parameters = std::move(planted.parameters);
    set_.truth.push_back(std::move(truth));
  }

  CleanPages pages_;
  const std::vector<std::string>& evaluation_;
  std::uint64_t seed_;
  PlantedSet set_;
};

}  // namespace

PageLanguage PlantingContext::language() const {
  const bool is_chinese = item % 3 == 2 && pages.left(PageLanguage::chinese) > 0;
  return is_chinese || pages.left(PageLanguage::english) == 0 ? PageLanguage::chinese
                                                              : PageLanguage::english;
}

std::string_view planted_outcome_name(PlantedOutcome outcome) {
  return kOutcomeNames.at(static_cast<std::size_t>(outcome));
}

Json to_json(const PlantedTruth& truth) {
  Json json = Json::object();
  json["id"] = truth.id;
  json["kind"] = truth.kind;
  json["layers"] = strings(truth.layers);
  json["outcome"] = planted_outcome_name(truth.outcome);
  if (!truth.group.empty()) json["group"] = truth.group;
  if (!truth.gone.empty()) json["gone"] = strings(truth.gone);
  if (!truth.present.empty()) json["present"] = strings(truth.present);
  json["parameters"] = truth.parameters;
  return json;
}

Result<PlantedTruth> planted_truth_from_json(const Json& json) {
  PlantedTruth truth;
  truth.id = json.string_or("id", "");
  truth.kind = json.string_or("kind", "");
  truth.layers = strings_of(json, "layers");
  truth.group = json.string_or("group", "");
  truth.gone = strings_of(json, "gone");
  truth.present = strings_of(json, "present");
  const auto outcome = std::ranges::find(kOutcomeNames, json.string_or("outcome", ""));
  if (truth.id.empty() || truth.kind.empty() || outcome == kOutcomeNames.end()) {
    return Error{Code::corrupt_data, "[plant] a row of truth lacks id, kind or outcome"};
  }
  truth.outcome = static_cast<PlantedOutcome>(outcome - kOutcomeNames.begin());
  if (const Json* parameters = json.find("parameters")) truth.parameters = *parameters;
  return truth;
}

std::vector<PlantedKindInfo> planted_kinds() {
  std::vector<PlantedKindInfo> infos;
  for (const PlantedKind& kind : all_kinds()) {
    infos.push_back({kind.name, kind.summary, kind.layers, kind.outcome});
  }
  return infos;
}

Result<PlantedSet> plant(std::vector<curate::Document> clean,
                         const std::vector<std::string>& evaluation,
                         const PlantSettings& settings) {
  ALUDEL_TRY(check_config(settings, "plant"));
  const auto kinds = kinds_named(settings.kinds);
  const auto seed = static_cast<std::uint64_t>(settings.seed);
  Planter planter(CleanPages(std::move(clean), seed), evaluation, seed);
  // Controls first: they are a fair sample of the clean pages, whatever the kinds then use up.
  for (std::int64_t i = 0; i < settings.controls; ++i) {
    ALUDEL_TRY(planter.plant_control(static_cast<std::uint64_t>(i)));
  }
  // Then the kinds that need pages of two collections, before the others use up the smaller one.
  for (const PagesTaken pages : {PagesTaken::of_two_collections, PagesTaken::any}) {
    for (std::int64_t i = 0; i < settings.count; ++i) {
      for (const PlantedKind& kind : kinds) {
        if (kind.pages != pages) continue;
        ALUDEL_TRY(planter.plant(kind, static_cast<std::uint64_t>(i)));
      }
    }
  }
  return planter.finish();
}

}  // namespace aludel::planted
