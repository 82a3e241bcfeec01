#pragma once

#include <string>
#include <vector>

#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/stored_run.h"

// What each layer does when a finished run is read again.
namespace aludel::curate {

struct PlannedLayer {
  const LayerSpec* spec = nullptr;
  Origin origin = Origin::off;
  /// Whether some documents are measured: those whose text was cut since they were annotated, or
  /// those that a rule recovers.
  bool measures = false;
  std::string because;  // why it is measured

  /// "as annotated", "measured again" …
  std::string how() const;
};

/// Plans one layer of an annotated run. `is_repaired_since`: layers behind it have repaired the
/// text that it saw. Errors: as plan_redecision().
Result<PlannedLayer> plan_layer(const ResolvedLayer& was, const ResolvedLayer& now,
                                bool is_repaired_since, std::span<const std::size_t> profiles);

/// The plan of judging an annotated run again with the settings of `config`, so that the kept
/// documents and texts are those of a new run over the sources. Layers up to the last repair of
/// the text (language, metrics, repetition, correction) must decide by their notes, since the text
/// that they saw is gone.
/// Errors: invalid_argument for a setting that they cannot change, with the remedy; for another
/// seed; and for a run that was not annotated.
Result<std::vector<PlannedLayer>> plan_redecision(const StoredRun& run, const CurateConfig& config);

/// The plan of a decided run whose documents pass again so that rules recover some. Errors:
/// invalid_argument for changed settings, for no rule, and for one that matches no reject there.
Result<std::vector<PlannedLayer>> plan_recovery(const StoredRun& run, const CurateConfig& config);

/// One of the two, as the run's kind has it.
Result<std::vector<PlannedLayer>> plan_over_run(const StoredRun& run, const CurateConfig& config);

/// All of them as text: the same settings judge otherwise over another run.
std::string origins_of(const std::vector<PlannedLayer>& plan);

/// What a layer takes over of the run by the plan. REQUIRES: the layer is in the plan.
Reuse reuse_of(const std::vector<PlannedLayer>& plan, const LayerSpec& spec, const StoredRun& run);

}  // namespace aludel::curate
