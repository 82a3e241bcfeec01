#include "aludel/curate/run/redecide_plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/stored_layer.h"
#include "aludel/curate/run/replay.h"

namespace aludel::curate {
namespace {

Error refused(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[curate] {}", what)};
}

/// Settings that differ and that the layer's notes cannot follow.
std::vector<std::string> beyond_notes(const LayerSpec& spec, const Json& was, const Json& now) {
  std::vector<std::string> names;
  const std::span<const CutOff> cut_offs = spec.cut_offs_of(now);
  for (const auto& [name, value] : now.as_object()) {
    const Json* before = was.find(name);
    if (before != nullptr && *before == value) continue;
    const bool is_dial = std::ranges::find(spec.dials, name) != spec.dials.end() ||
                         std::ranges::find(cut_offs, name, &CutOff::setting) != cut_offs.end();
    if (!is_dial) names.push_back(name);
  }
  return names;
}

/// Plans one layer of an annotated run.
class LayerDecision {
 public:
  LayerDecision(const ResolvedLayer& was, const ResolvedLayer& now, bool needs_notes)
      : was_(was), now_(now), needs_notes_(needs_notes) {}

  Result<PlannedLayer> plan(const std::vector<std::size_t>& profiles) {
    planned_.spec = now_.spec;
    for (const std::size_t profile : profiles) {
      ALUDEL_TRY(add_profile(profile));
    }
    return std::move(planned_);
  }

 private:
  std::string setting_name(std::string_view setting) const {
    return fmt::format("layers.{}.{}", now_.spec->name, setting);
  }

  Status add_profile(std::size_t profile) {
    const LayerSettings& was = was_.by_profile[profile];
    const LayerSettings& now = now_.by_profile[profile];
    const LayerSpec& spec = *now_.spec;
    if (!now.on) {
      if (!was.on || spec.edits == Edits::decision) return Ok{};
      return refused(fmt::format(
          "{} is off for profile {}, but the texts of the run have its edits: annotate again with "
          "layers.{} = \"off\"",
          spec.name, profile_names()[profile], spec.name));
    }
    if (!spec.is_stored()) return measure("it needs the corpus that is left");
    if (!was.on) {
      if (spec.name == cascade_order().front()) {
        return refused(fmt::format(
            "{0} was off when the run was annotated, and it reads what only the sources "
            "have: annotate again with it, or set layers.{0} = \"off\"",
            spec.name));
      }
      if (!needs_notes_) return measure("it was off when the run was annotated");
      return refused(
          fmt::format("{0} was off when the run was annotated, and its text has changed "
                      "since: annotate again with it, or set layers.{0} = \"off\"",
                      spec.name));
    }
    const std::vector<std::string> names = beyond_notes(spec, was.settings, now.settings);
    if (names.empty()) {
      if (planned_.origin == Origin::off) planned_.origin = Origin::noted;
      return Ok{};
    }
    if (!needs_notes_) return measure(fmt::format("{} has changed", setting_name(names.front())));
    return refused(fmt::format(
        "{} cannot be changed from annotations ({}): leave it, or annotate again from the sources",
        setting_name(names.front()),
        spec.edits == Edits::repair ? "it changes the text" : "it changes what is measured"));
  }

  Status measure(std::string because) {
    planned_.origin = Origin::measured;
    planned_.because = std::move(because);
    return Ok{};
  }

  const ResolvedLayer& was_;
  const ResolvedLayer& now_;
  bool needs_notes_;
  PlannedLayer planned_;
};

/// One behind the last layer whose repairs are in the run's texts.
std::size_t end_of_repairs(const std::vector<ResolvedLayer>& layers) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool is_on = std::ranges::any_of(layers[i].by_profile, &LayerSettings::on);
    if (is_on && layers[i].spec->edits == Edits::repair) end = i + 1;
  }
  return end;
}

}  // namespace

std::string_view origin_name(Origin origin) {
  static constexpr std::array<std::string_view, 6> kNames = {
      "off",
      "as annotated",
      "as annotated; measured again where the text was cut",
      "measured again",
      "as decided",
      "as decided; recovered documents measured"};
  return kNames.at(static_cast<std::size_t>(origin));
}

Result<std::vector<PlannedLayer>> plan_redecision(const StoredRun& run,
                                                  const CurateConfig& config) {
  if (run.kind() != RunKind::annotated) {
    return refused(fmt::format(
        "{} was not annotated: layers behind the one that dropped a document never saw it. Curate "
        "with --annotate first, or take some rejects back with --recover",
        run.folder()));
  }
  if (config.seed != run.config().seed) {
    return refused(
        fmt::format("the run was annotated with seed {}, which pseudonyms and samples "
                    "hang on; {} is another",
                    run.config().seed, config.seed));
  }
  const std::vector<ResolvedLayer> was = resolve_layers(run.config());
  const std::vector<ResolvedLayer> now = resolve_layers(config);
  const std::size_t repaired = end_of_repairs(was);
  std::vector<PlannedLayer> plan;
  bool may_be_cut = false;
  for (std::size_t i = 0; i < now.size(); ++i) {
    LayerDecision decision(was[i], now[i], i < repaired);
    PlannedLayer layer = ALUDEL_TRY(decision.plan(used_profiles(config)));
    if (may_be_cut && layer.origin == Origin::noted && layer.spec->kind != LayerKind::fitted) {
      layer.origin = Origin::noted_or_measured;
    }
    const bool cuts =
        layer.spec->edits == Edits::decision && layer.spec->kind != LayerKind::document;
    may_be_cut = may_be_cut || (cuts && layer.origin != Origin::off);
    plan.push_back(std::move(layer));
  }
  return plan;
}

namespace {

/// What the layer rejected documents for in any source, by the run's ledger.
std::set<std::string> reject_reasons(const StoredRun& run, std::string_view layer) {
  std::set<std::string> reasons;
  for (const auto& [name, source] : run.ledger().find("sources")->as_object()) {
    for (const Json& row : source.find("layers")->as_array()) {
      const Json* dropped = row.find("dropped");
      if (row.string_or("name", "") != layer || dropped == nullptr) continue;
      for (const auto& [reason, count] : dropped->as_object()) {
        reasons.insert(reason);
      }
    }
  }
  return reasons;
}

/// The first layer that a rule names. Errors: where a rule matches no reason of the run's ledger.
Result<std::size_t> first_recovering(const StoredRun& run, const std::vector<RecoverRule>& rules) {
  std::size_t first = cascade_order().size();
  for (const RecoverRule& rule : rules) {
    first = std::min(first, layer_place(rule.layer));
    const std::set<std::string> reasons = reject_reasons(run, rule.layer);
    if (rule.reason.empty() ? !reasons.empty() : reasons.contains(rule.reason)) continue;
    const std::vector<std::string> known(reasons.begin(), reasons.end());
    const std::string nearest = nearest_name(rule.reason, known);
    return refused(
        fmt::format("--recover '{}': layer {} rejected nothing{}{}", rule.text, rule.layer,
                    rule.reason.empty() ? "" : fmt::format(" for '{}'", rule.reason),
                    !nearest.empty() ? fmt::format("; did you mean '{}'?", nearest)
                    : known.empty()  ? ""
                                     : fmt::format("; its reasons: {}", fmt::join(known, ", "))));
  }
  return first;
}

}  // namespace

Result<std::vector<PlannedLayer>> plan_recovery(const StoredRun& run, const CurateConfig& config) {
  const auto rules = ALUDEL_TRY(parse_recover_rules(config.recover));
  if (rules.empty()) return refused("nothing to recover: give a rule");
  const CurateConfig& was = run.config();
  if (resolved_config(was).find("layers")->dump() !=
          resolved_config(config).find("layers")->dump() ||
      was.profiles != config.profiles || was.seed != config.seed) {
    return refused(fmt::format(
        "{} was not annotated, so its settings stand; only --recover can be given", run.folder()));
  }
  if (was.target_keep > 0 || was.target_tokens > 0) {
    return refused(fmt::format("{} was cut to a target; raise that instead", run.folder()));
  }
  const std::size_t first = ALUDEL_TRY(first_recovering(run, rules));
  const std::vector<std::size_t> profiles = used_profiles(config);
  std::vector<PlannedLayer> plan;
  for (const ResolvedLayer& layer : resolve_layers(config)) {
    PlannedLayer& planned = plan.emplace_back();
    planned.spec = layer.spec;
    const bool is_on = std::ranges::any_of(
        profiles, [&](std::size_t profile) { return layer.by_profile[profile].on; });
    if (!is_on) continue;
    planned.origin =
        layer_place(layer.spec->name) > first ? Origin::settled_or_measured : Origin::settled;
  }
  return plan;
}

Result<std::vector<PlannedLayer>> plan_over_run(const StoredRun& run, const CurateConfig& config) {
  ALUDEL_TRY(check_same_sources(run.config(), config));
  if (run.kind() == RunKind::decided && !config.recover.empty()) return plan_recovery(run, config);
  return plan_redecision(run, config);
}

std::string origins_of(const std::vector<PlannedLayer>& plan) {
  std::string origins;
  for (const PlannedLayer& layer : plan) {
    origins += fmt::format("{} ", static_cast<int>(layer.origin));
  }
  return origins;
}

LayerMaker maker_of(const std::vector<PlannedLayer>& plan, const StoredRun& run) {
  return [&plan, &run](const LayerSpec& spec, const Json& settings,
                       const LayerContext& context) -> Result<std::unique_ptr<Layer>> {
    const auto planned = std::ranges::find(plan, &spec, &PlannedLayer::spec);
    const std::string state = io::join_path(run.folder(), fmt::format("state/{}", spec.name));
    std::unique_ptr<Layer> measured;
    const Origin origin = planned->origin;
    if (origin != Origin::noted && origin != Origin::settled) {
      auto made = spec.make(settings, context);
      if (!made && origin == Origin::noted_or_measured) {
        return std::move(made).error().with_context(
            "a layer before it cuts texts, and those are measured again");
      }
      measured = ALUDEL_TRY(std::move(made));
    }
    if (origin == Origin::measured) return measured;
    if (origin == Origin::settled || origin == Origin::settled_or_measured) {
      return make_replayed_layer(spec, std::move(measured), state);
    }
    auto noted = ALUDEL_TRY(make_stored_layer(spec, settings, context));
    if (origin == Origin::noted) return noted;
    return make_stored_or_measured(std::move(noted), std::move(measured));
  };
}

}  // namespace aludel::curate
