#pragma once

#include "aludel/base/json.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// What layer `safety` of a run judges each class by, and how well that is known: "classes" of the
/// model's card (docs/formats/model_cards.md). Without the model, or without its card, every class
/// says that it is unmeasured. Empty where the layer is off for all profiles.
Json safety_basis(io::FileSystem& files, const CurateConfig& config);

}  // namespace aludel::curate
