#include "aludel/curate/report/safety_basis.h"

#include <algorithm>
#include <string>

#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/safety/class_basis.h"
#include "aludel/safety/taxonomy.h"

namespace aludel::curate {
namespace {

Json all_classes(std::string_view basis) {
  Json classes = Json::object();
  for (const safety::SafetyClassInfo& info : safety::safety_classes()) {
    classes[info.name]["basis"] = basis;
  }
  return classes;
}

}  // namespace

Json safety_basis(io::FileSystem& files, const CurateConfig& config) {
  for (const ResolvedLayer& layer : resolve_layers(config)) {
    if (layer.spec->name != "safety") continue;
    const auto on = std::ranges::find_if(layer.by_profile, &LayerSettings::on);
    if (on == layer.by_profile.end()) return Json::object();
    if (on->settings.bool_or("lexicon_only", false)) return all_classes(safety::kLexiconOnly);
    const auto card = io::read_file(
        files, io::join_path(config.models, std::string(kSafetyModel) + ".card.json"));
    const auto parsed = card ? parse_json(card.value()) : Result<Json>(card.error());
    const Json* classes = parsed ? parsed.value().find("classes") : nullptr;
    return classes != nullptr && classes->is_object() ? *classes
                                                      : all_classes(safety::kUnmeasuredModel);
  }
  return Json::object();
}

}  // namespace aludel::curate
