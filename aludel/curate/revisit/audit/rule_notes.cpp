#include "aludel/curate/revisit/audit/rule_notes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/layout/run_paths.h"

namespace aludel::curate::audit {
namespace {

/// Makes a layer that learned limits, with those limits; null for any other layer.
Result<std::unique_ptr<Layer>> open_learned(const ResolvedLayer& resolved,
                                            const LayerContext& context, const StoredRun& run) {
  const LayerSpec& spec = *resolved.spec;
  const auto on = std::ranges::find_if(resolved.by_profile, &LayerSettings::on);
  if (spec.learns != Learns::limits || on == resolved.by_profile.end()) {
    return std::unique_ptr<Layer>();
  }
  auto layer = ALUDEL_TRY(spec.make(on->settings, context));
  const std::string state = io::join_path(run.folder(), state_path(spec.name));
  ALUDEL_TRY(layer->load_limits(context.files, state));
  return layer;
}

/// Returns the setting's place in the config: below [profiles] if the document's profile changes
/// it.
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
  const LayerContext context{files,
                             models.empty() ? run.config().models : models,
                             static_cast<std::uint64_t>(run.config().seed),
                             threads,
                             Purpose::decide,
                             /*measures=*/false};
  RuleNotes notes;
  notes.profiles_ = run.config().profiles;
  for (ResolvedLayer& resolved : resolve_layers(run.config())) {
    auto learned = open_learned(resolved, context, run);
    if (!learned) {
      log_warning("[audit] no better limit of layer {} will be looked for: {}", resolved.spec->name,
                  learned.error().message);
    }
    notes.layers_.push_back({std::move(resolved), std::move(learned).value_or(nullptr)});
  }
  return notes;
}

void RuleNotes::add_learned(const LayerRules& layer, const Document& document,
                            std::vector<RuleNote>& notes) const {
  const std::string_view name = layer.resolved.spec->name;
  const Json& noted = *document.annotations.find(name);
  const Rules rules = layer.learned->rules(document);
  for (const auto& [rule, limit] : rules.all()) {
    const Json* measured = value_of_rule(*rule, noted);
    if (measured == nullptr || !is_finite_number(*measured) || !std::isfinite(limit)) continue;
    notes.push_back(
        {std::string(name),
         fmt::format("layers.{} {} fitted for {}", name, rule->value, document.language), "",
         rule->side, measured->as_number(), limit});
  }
}

std::vector<RuleNote> RuleNotes::of(const Document& document) const {
  std::vector<RuleNote> notes;
  for (const LayerRules& layer : layers_) {
    const LayerSpec& spec = *layer.resolved.spec;
    const LayerSettings& settings = layer.resolved.by_profile[profile_index(document.profile)];
    const Json* noted = document.annotations.find(spec.name);
    if (!settings.on || noted == nullptr || !noted->is_object()) continue;
    for (const Rule& rule : spec.rules_with(settings.settings)) {
      const Json* measured = value_of_rule(rule, *noted);
      const double limit = number_of_setting(settings.settings, rule.setting);
      if (measured == nullptr || !is_finite_number(*measured) || limit >= rule.off) continue;
      notes.push_back({std::string(spec.name),
                       setting_path(profiles_, document, spec.name, rule.setting),
                       std::string(rule.reason), rule.side, measured->as_number(), limit});
    }
    if (layer.learned != nullptr) add_learned(layer, document, notes);
  }
  return notes;
}

}  // namespace aludel::curate::audit
