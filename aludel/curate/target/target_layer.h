#pragma once

#include <memory>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/sources/ledger.h"

// The step that cuts the corpus to `target_tokens` or `target_keep`.
namespace aludel::curate {

bool has_target(const CurateConfig& config);

/// Describes the step. It follows the twelve layers, because only behind them is it known how much
/// text is left. Its row in the ledger is `target`.
const LayerSpec& target_spec();

/// Returns the file of a run's folder in which the step leaves what each setting of the dials would
/// keep.
std::string trade_off_path();

/// Makes the step. Its plan (target_plan.h) finds which documents to drop. It brings back nothing
/// that a layer has dropped: if less is left than the target, it keeps everything. `counts` must
/// outlive it, and must hold the number of documents read when the plan runs.
std::unique_ptr<Layer> make_target_layer(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
