#pragma once

#include <array>
#include <string>
#include <vector>

#include "aludel/curate/run/layer_pass.h"
#include "aludel/curate/run/stored_run.h"

// What each layer does when a finished run is read again.
namespace aludel::curate {

/// Where a layer's verdicts come from.
enum class Origin : std::uint8_t {
  off,
  noted,              // what was noted in the annotated run
  noted_or_measured,  // the same, but measured again where another layer has cut the text since
  measured,           // again, from the stored texts
  settled,            // what the decided run decided
  settled_or_measured
};

std::string_view origin_name(Origin origin);

struct PlannedLayer {
  const LayerSpec* spec = nullptr;
  Origin origin = Origin::off;
  std::string because;  // why it is measured
};

/// The plan of judging an annotated run again with the settings of `config`, so that the kept
/// documents and texts are those of a new run over the sources. Layers up to the last repair of
/// the text (language, metrics, repetition, correction) must be able to judge by their notes.
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

/// Makes a layer as it is planned. The plan and the run outlive it.
LayerMaker maker_of(const std::vector<PlannedLayer>& plan, const StoredRun& run);

}  // namespace aludel::curate
