#include "aludel/curate/run/redecide_plan.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/io/place.h"

namespace aludel::curate {
namespace {

Error refused(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[curate] {}", what)};
}

/// Returns the settings that differ and that measuring reads, so that the layer's notes do not fit
/// them.
std::vector<std::string> beyond_notes(const LayerSpec& spec, const Json& was, const Json& now) {
  std::vector<std::string> names;
  const std::vector<std::string> measures = spec.settings_read_at(ReadAt::begin, now);
  for (const auto& [name, value] : now.as_object()) {
    const Json* before = was.find(name);
    if (before != nullptr && *before == value) continue;
    if (std::ranges::find(measures, name) != measures.end()) names.push_back(name);
  }
  return names;
}

/// The planning of one layer of an annotated run, profile by profile.
class LayerDecision {
 public:
  LayerDecision(const ResolvedLayer& was, const ResolvedLayer& now, bool needs_notes)
      : was_(was), now_(now), needs_notes_(needs_notes) {}

  Result<PlannedLayer> plan(std::span<const std::size_t> profiles) {
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
      if (was.on) planned_.off_since.push_back(profile);
      if (!was.on || spec.edits != Edits::repairs) return Ok{};
      return refused(fmt::format(
          "{} is off for profile {}, but the texts of the run have its edits: annotate again with "
          "layers.{} = \"off\"",
          spec.name, profile_names()[profile], spec.name));
    }
    if (needs_notes_ && (spec.decides_by == DecidesBy::text || spec.learns == Learns::findings)) {
      return refused(fmt::format(
          "{0} decides by the text, which has been repaired since: annotate again, or set "
          "layers.{0} = \"off\"",
          spec.name));
    }
    if (spec.learns == Learns::findings) return measure("it needs the corpus that is left");
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
        spec.edits == Edits::repairs ? "it changes the text" : "it changes what is measured"));
  }

  Status measure(std::string because) {
    planned_.origin = Origin::measured;
    planned_.measures = true;
    planned_.because = std::move(because);
    return Ok{};
  }

  const ResolvedLayer& was_;
  const ResolvedLayer& now_;
  bool needs_notes_;
  PlannedLayer planned_;
};

/// Returns the index behind the last layer whose repairs are in the run's texts; 0 if there is
/// none.
std::size_t end_of_repairs(const std::vector<ResolvedLayer>& layers) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const bool is_on = std::ranges::any_of(layers[i].by_profile, &LayerSettings::on);
    if (is_on && layers[i].spec->edits == Edits::repairs) end = i + 1;
  }
  return end;
}

}  // namespace

Result<PlannedLayer> plan_layer(const ResolvedLayer& was, const ResolvedLayer& now,
                                bool is_repaired_since, std::span<const std::size_t> profiles) {
  return LayerDecision(was, now, is_repaired_since).plan(profiles);
}

std::string PlannedLayer::how() const {
  if (origin == Origin::noted) {
    return measures ? "as annotated; measured again where the text was cut" : "as annotated";
  }
  if (origin == Origin::settled) {
    return measures ? "as decided; recovered documents measured" : "as decided";
  }
  return "measured again";
}

Result<std::vector<PlannedLayer>> plan_redecision(const StoredRun& run,
                                                  const CurateConfig& config) {
  if (run.kind() != RunKind::annotated) {
    return refused(fmt::format(
        "{} was not annotated: layers behind the one that dropped a document never saw it. Curate "
        "with --annotate first, or take some rejects back with `aludel corpus recover`",
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
    PlannedLayer layer =
        ALUDEL_TRY(plan_layer(was[i], now[i], i < repaired, used_profiles(config)));
    if (layer.origin == Origin::noted) layer.measures = may_be_cut;
    may_be_cut =
        may_be_cut || (layer.spec->edits == Edits::decisions && layer.origin != Origin::off);
    plan.push_back(std::move(layer));
  }
  return plan;
}

namespace {

/// Returns the reasons for which the layer dropped documents of any source, by the run's ledger.
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

/// Returns the place of the first layer that a rule names. Errors: invalid_argument for a rule that
/// matches no reason in the run's ledger.
Result<std::size_t> first_recovering(const StoredRun& run, const std::vector<RecoverRule>& rules) {
  std::size_t first = cascade_order().size();
  for (const RecoverRule& rule : rules) {
    first = std::min(first, layer_place(rule.layer));
    const std::set<std::string> reasons = reject_reasons(run, rule.layer);
    if (rule.reason.empty() ? !reasons.empty() : reasons.contains(rule.reason)) continue;
    const std::vector<std::string> known(reasons.begin(), reasons.end());
    const std::string nearest = nearest_name(rule.reason, known);
    return refused(
        fmt::format("the rule '{}': layer {} rejected nothing{}{}", rule.text, rule.layer,
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
        "{} was not annotated, so its settings stand; only rules can be given", run.folder()));
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
    planned.origin = Origin::settled;
    planned.measures = layer_place(layer.spec->name) > first;
  }
  return plan;
}

Result<std::vector<PlannedLayer>> plan_over_run(const StoredRun& run, const CurateConfig& config) {
  ALUDEL_TRY(check_same_sources(run.config(), config));
  if (!config.out.empty() && io::place_of(run.folder()) == io::place_of(config.out)) {
    return refused("a run cannot be read and written at once: choose another folder");
  }
  if (run.kind() == RunKind::decided && !config.recover.empty()) return plan_recovery(run, config);
  return plan_redecision(run, config);
}

std::string origins_of(const std::vector<PlannedLayer>& plan) {
  std::string origins;
  for (const PlannedLayer& layer : plan) {
    origins += fmt::format("{}{}{} ", static_cast<int>(layer.origin), layer.measures ? "m" : "",
                           fmt::join(layer.off_since, ","));
  }
  return origins;
}

Reuse reuse_of(const std::vector<PlannedLayer>& plan, const LayerSpec& spec, const StoredRun& run) {
  const auto planned = std::ranges::find(plan, &spec, &PlannedLayer::spec);
  ALUDEL_CHECK(planned != plan.end(), "a layer of the plan");
  Reuse reuse{planned->origin, planned->measures, {}};
  // The limits hold, because verdicts were made by them. Findings hold only if the layer judges no
  // document that the run did not judge.
  const bool stands = spec.learns == Learns::limits || !planned->measures;
  if (planned->origin == Origin::settled && spec.waits_for_corpus() && stands) {
    reuse.state_folder = io::join_path(run.folder(), state_path(spec.name));
  }
  return reuse;
}

}  // namespace aludel::curate
