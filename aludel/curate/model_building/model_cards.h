#pragma once

#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"

// The cards of the models that a run uses: docs/formats/model_cards.md. A model judges text well if
// it resembles its training text, so a run reports what that was.
namespace aludel::curate {

/// Returns the cards of the files that are models, as {"file", "role", "line", "languages"}. The
/// line of a model without a card says so.
std::vector<Json> describe_models(io::FileSystem& files, const std::vector<std::string>& paths);

/// Returns a line for each model that judged languages without having learned them, if they are at
/// least one in a hundred of its layer's documents. `layers` is the value in report/layers.json.
std::vector<std::string> model_cautions(const std::vector<Json>& models, const Json& layers);

}  // namespace aludel::curate
