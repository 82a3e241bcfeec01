#pragma once

#include <memory>

#include "aludel/curate/config.h"
#include "aludel/curate/layer.h"
#include "aludel/curate/ledger.h"

// `target_tokens` and `target_keep`: how far the percentile cut-offs must go for so much to stay.
namespace aludel::curate {

bool has_target(const CurateConfig& config);

/// The step that cuts to the target, behind the twelve layers: only there it is known how much is
/// left. In the ledger it is the row `target`.
const LayerSpec& target_spec();

/// `counts` knows, when the fit ends, how many documents were read; it outlives the layer.
///
/// Two dials are turned, in this order, each by percentiles within a language, so that none is
/// favoured: (1) quality, the worst scores first, until 90 % of each language's documents have
/// fallen (as much as DCLM, arXiv:2406.11794, drops by its classifier); (2) perplexity, the most
/// perplexing first (CCNet, arXiv:1911.00359). It stops with the first document after which the
/// target is met. What other cut-offs dropped does not come back: where less is left than the
/// target, everything stays. State: target.jsonl, the cut of each language; trade_off.json, what
/// each setting of the dials would keep, with the solution.
std::unique_ptr<Layer> make_target_layer(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
