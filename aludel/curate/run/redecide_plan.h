#pragma once

#include <string>
#include <vector>

#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/stored_run.h"

// Plans what each layer does when a finished run is read again.
namespace aludel::curate {

/// What one layer does when a finished run is read again.
struct PlannedLayer {
  const LayerSpec* spec = nullptr;
  Origin origin = Origin::off;
  /// True if some documents are measured: those whose text was cut since they were annotated, or
  /// those that a rule recovers.
  bool measures = false;
  std::string because;  // why it is measured
  /// Profiles that the run which is read had it on for, and this one has it off for: its notes are
  /// none of this run's, and a layer that asks for them would find what no fresh run has.
  std::vector<std::size_t> off_since;

  /// Returns the origin in words: "as annotated", "measured again" and so on.
  std::string how() const;
};

/// Plans one layer of an annotated run. `is_repaired_since`: this layer or one behind it has
/// repaired the text that it saw. Errors: as plan_redecision().
Result<PlannedLayer> plan_layer(const ResolvedLayer& was, const ResolvedLayer& now,
                                bool is_repaired_since, std::span<const std::size_t> profiles);

/// Plans how an annotated run is decided again with the settings of `config`, so that the kept
/// documents and texts are those of a new run over the sources. Layers up to the last repair of the
/// text (language, metrics, repetition, correction) must decide by their notes, since the text that
/// they saw is gone.
/// Errors: invalid_argument for a setting that they cannot change, with the remedy; for another
/// seed; and for a run that was not annotated.
Result<std::vector<PlannedLayer>> plan_redecision(const StoredRun& run, const CurateConfig& config);

/// Plans how the documents of a decided run pass again so that rules recover some. Errors:
/// invalid_argument for changed settings, for a run that was cut to a target, for no rule, and for
/// a rule that matches no reject of the run.
Result<std::vector<PlannedLayer>> plan_recovery(const StoredRun& run, const CurateConfig& config);

/// Calls plan_recovery() for a decided run if there are rules, else plan_redecision(). Errors:
/// theirs; invalid_argument for other sources, and if the new run would lie in the folder of `run`.
Result<std::vector<PlannedLayer>> plan_over_run(const StoredRun& run, const CurateConfig& config);

/// Returns the plan as text, for fingerprints: the same settings can give other verdicts over
/// another run.
std::string origins_of(const std::vector<PlannedLayer>& plan);

/// Returns what a layer takes over of the run by the plan. REQUIRES: the layer is in the plan.
Reuse reuse_of(const std::vector<PlannedLayer>& plan, const LayerSpec& spec, const StoredRun& run);

}  // namespace aludel::curate
