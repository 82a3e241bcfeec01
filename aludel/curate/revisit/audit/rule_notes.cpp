#include "aludel/curate/revisit/audit/rule_notes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/curate/cascade/rules.h"

namespace aludel::curate::audit {
namespace {

/// A layer that was fitted to a state of its own, ready to tell its limits; null for any other.
Result<std::unique_ptr<Layer>> open_fitted(const ResolvedLayer& resolved,
                                           const LayerContext& context, const StoredRun& run) {
  const LayerSpec& spec = *resolved.spec;
  const auto on = std::ranges::find_if(resolved.by_profile, &LayerSettings::on);
  // What lies elsewhere is held against no limit of this document.
  if (spec.kind != LayerKind::fitted || spec.grounds == Grounds::elsewhere ||
      on == resolved.by_profile.end()) {
    return std::unique_ptr<Layer>();
  }
  const auto make = spec.make_stored != nullptr ? spec.make_stored : spec.make;
  auto layer = ALUDEL_TRY(make(on->settings, context));
  const std::string state = io::join_path(run.folder(), "state/" + std::string(spec.name));
  ALUDEL_TRY(layer->load_state(context.files, state));
  return layer;
}

/// The setting's place in the config: below [profiles] where that changes it.
std::string setting_path(const Json& profiles, const Document& document, std::string_view layer,
                         std::string_view setting) {
  const Json* changed = profiles.find(document.profile);
  if (changed != nullptr) changed = changed->find(layer);
  if (changed != nullptr && changed->find(setting) != nullptr) {
    return fmt::format("profiles.{}.{}.{}", document.profile, layer, setting);
  }
  return fmt::format("layers.{}.{}", layer, setting);
}

bool is_finite_number(const Json& value) {
  return value.is_number() && std::isfinite(value.as_number());
}

}  // namespace

RuleNotes RuleNotes::open(io::FileSystem& files, Threads& threads, const StoredRun& run,
                          const std::string& models) {
  const LayerContext context{files, models.empty() ? run.config().models : models,
                             static_cast<std::uint64_t>(run.config().seed), threads};
  RuleNotes notes;
  notes.profiles_ = run.config().profiles;
  for (ResolvedLayer& resolved : resolve_layers(run.config())) {
    auto fitted = open_fitted(resolved, context, run);
    if (!fitted) {
      log_warning("[audit] no better limit of layer {} will be looked for: {}", resolved.spec->name,
                  fitted.error().message);
    }
    notes.layers_.push_back({std::move(resolved), std::move(fitted).value_or(nullptr)});
  }
  return notes;
}

void RuleNotes::add_fitted(const LayerRules& layer, const Document& document,
                           std::vector<RuleNote>& notes) const {
  const std::string_view name = layer.resolved.spec->name;
  const Json& noted = *document.annotations.find(name);
  const Json fitted = layer.fitted->fitted_cut_offs(document);
  for (const auto& [value, limits] : fitted.as_object()) {
    const Json* measured = noted.find(value);
    if (measured == nullptr || !is_finite_number(*measured) || !limits.is_object()) continue;
    for (const auto& [side, limit] : limits.as_object()) {
      if (!is_finite_number(limit)) continue;
      notes.push_back({std::string(name),
                       fmt::format("layers.{} {} fitted for {}", name, value, document.language),
                       "", side == "at_least" ? Side::at_least : Side::at_most,
                       measured->as_number(), limit.as_number()});
    }
  }
}

std::vector<RuleNote> RuleNotes::of(const Document& document) const {
  std::vector<RuleNote> notes;
  for (const LayerRules& layer : layers_) {
    const LayerSpec& spec = *layer.resolved.spec;
    const LayerSettings& settings = layer.resolved.by_profile[profile_index(document.profile)];
    const Json* noted = document.annotations.find(spec.name);
    if (!settings.on || noted == nullptr || !noted->is_object()) continue;
    for (const CutOff& cut_off : spec.cut_offs_of(settings.settings)) {
      const Json* measured = value_of_rule(cut_off, *noted);
      const double limit = number_of_setting(settings.settings, cut_off.setting);
      if (measured == nullptr || !is_finite_number(*measured) || limit >= cut_off.off) continue;
      notes.push_back({std::string(spec.name),
                       setting_path(profiles_, document, spec.name, cut_off.setting),
                       std::string(cut_off.reason), cut_off.side, measured->as_number(), limit});
    }
    if (layer.fitted != nullptr) add_fitted(layer, document, notes);
  }
  return notes;
}

}  // namespace aludel::curate::audit
