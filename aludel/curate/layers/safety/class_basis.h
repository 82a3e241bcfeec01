#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Returns what layer `safety` judges each class by, and how well that is known: "classes" of the
/// model's card (docs/formats/model_cards.md). Without the model, or without its card, every class
/// says that it is unmeasured.
Json safety_class_basis(const Json& settings, io::FileSystem& files,
                        const std::string& models_folder);

}  // namespace aludel::curate
