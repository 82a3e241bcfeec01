#pragma once

#include <span>

#include "aludel/curate/cascade/layer.h"

namespace aludel::curate::metrics {

/// The rules of layer `metrics` in the order in which it applies them: our own, or those of the
/// peer that setting `compat` names.
std::span<const CutOff> cut_offs(const Json& settings);

}  // namespace aludel::curate::metrics
