#pragma once

#include <string_view>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/run/layer_runner.h"

namespace aludel::curate {

/// Takes a document through the steps of a layer that learns nothing of a corpus.
inline Verdict run_layer(std::string_view name, const Layer& layer, Document& document,
                         Purpose purpose = Purpose::decide, Origin origin = Origin::measured) {
  const LayerRunner runner(purpose);
  const RunningLayer running{*find_layer(name).value(), layer, origin};
  LayerOutcome outcome = runner.run(running, document);
  runner.settle(running.spec, document, outcome);
  return std::move(outcome.verdict);
}

}  // namespace aludel::curate
