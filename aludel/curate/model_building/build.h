#pragma once

// Trains the models that the cascade's layers ask.

#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/model_building/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Trains what there is reference text for (a language model for each language, quality, topic,
/// safety) and writes each into `config.out` with a card beside it, NAME.card.json: sources with
/// hashes, settings, size, and how well it does on the text held out. The same config and text give
/// the same files. Returns the cards.
/// Errors: those of reading and writing; invalid_argument where a classifier has one label only.
Result<std::vector<Json>> build_models(io::FileSystem& files, const ModelsConfig& config,
                                       Threads& threads);

}  // namespace aludel::curate
