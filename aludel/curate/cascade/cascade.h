#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"

namespace aludel::curate {

/// Returns the names of the twelve layers in the order in which documents pass them. Source: Yi
/// technical report, arXiv:2403.04652, figure 1.
std::span<const std::string_view> cascade_order();

/// Returns the layers of this program in that order.
std::vector<const LayerSpec*> cascade();

/// Returns the layer of that name. Errors: invalid_argument for an unknown name, with the nearest
/// known one or all of them.
Result<const LayerSpec*> find_layer(std::string_view name);

}  // namespace aludel::curate
