#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"

namespace aludel::curate {

/// The names of the twelve layers in the order in which documents pass them.
/// Source: Yi technical report, arXiv:2403.04652, figure 1.
std::span<const std::string_view> cascade_order();

/// The layers of this binary in that order.
std::vector<const LayerSpec*> cascade();

/// Errors: invalid_argument for an unknown name, with the nearest one.
Result<const LayerSpec*> find_layer(std::string_view name);

}  // namespace aludel::curate
