#pragma once

#include <memory>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/sources/ledger.h"

// `target_tokens` and `target_keep`: how far the percentile cut-offs must go for so much to stay.
namespace aludel::curate {

bool has_target(const CurateConfig& config);

/// The step that cuts to the target, behind the twelve layers: only there it is known how much is
/// left. In the ledger it is the row `target`.
const LayerSpec& target_spec();

/// `counts` knows, when it is fitted, how many documents were read; it outlives the layer.
///
/// What falls is found by a plan (target_plan.h). What other cut-offs dropped does not come back:
/// where less is left than the target, everything stays.
std::unique_ptr<Layer> make_target_layer(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
