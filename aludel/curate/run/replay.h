#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aludel/curate/cascade/layer.h"

// A finished run that was not annotated, gone through again: what it decided stands; only what a
// rule recovers is judged by the layers behind the one that had dropped it.
namespace aludel::curate {

/// Whether the verdict of a layer on a document stands as the run that it was read from has it: it
/// was judged by that layer there. False for what was not read from a run.
bool is_settled_at(const Document& document, std::string_view layer);

/// A layer whose verdicts stand where they are settled. `measured` judges the rest; null where no
/// rule can send a document on to it. A fitted layer's state is taken over from `state_folder`,
/// unless the layer needs the documents themselves (dedup, clusters): that is fitted again, with
/// the settled ones preferred.
std::unique_ptr<Layer> make_replayed_layer(const LayerSpec& spec, std::unique_ptr<Layer> measured,
                                           std::string state_folder);

}  // namespace aludel::curate
