#pragma once

#include <span>

#include "aludel/curate/cascade/compat.h"
#include "aludel/curate/cascade/layer.h"

namespace aludel::curate {

struct MetricsSettings;

}

namespace aludel::curate::metrics {

using MeasureAsPeer = void (*)(Document& document, const MetricsSettings& settings,
                               Measured& measured);

/// How a peer judges a document: what it measures, and the rules in the order in which it applies
/// them.
struct PeerWay {
  std::span<const Rule> rules;
  MeasureAsPeer measure;  // nullptr: our own way
};

/// Returns the peers that setting `compat` can name; "none" is our own way.
std::span<const Compat<PeerWay>> peers();

/// Returns the rules of layer `metrics` in the order in which it applies them: our own, or those of
/// the program that setting `compat` names.
std::span<const Rule> rules(const Json& settings);

}  // namespace aludel::curate::metrics
