#pragma once

#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"

// What the trained models of a run say of themselves: docs/formats/model_cards.md. A model judges
// well what is like its training text, so a run says what that was.
namespace aludel::curate {

/// The cards of those of the files that have one beside them, as {"file", "role", "line",
/// "languages"}; a model without a card is one, too, whose line says so.
std::vector<Json> describe_models(io::FileSystem& files, const std::vector<std::string>& paths);

/// What each model judged in a run that it had not seen in training: the languages of at least one
/// in a hundred of the layer's documents. `layers` is that of report/layers.json.
std::vector<std::string> model_cautions(const std::vector<Json>& models, const Json& layers);

}  // namespace aludel::curate
