#pragma once

#include <span>

#include "aludel/base/config.h"
#include "aludel/curate/cascade/layer.h"

namespace aludel::curate::metrics {

/// Returns the rules of layer `metrics` in the order in which it applies them: our own, or those of
/// the program that setting `compat` names.
std::span<const Rule> rules(const Json& settings);

/// What `compat` may be.
Choices compat_choices();

}  // namespace aludel::curate::metrics
