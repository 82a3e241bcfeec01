#pragma once

// Trains the models that layers of the cascade use.

#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/model_building/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Trains every model that has reference text: a language model for each language, quality, topic,
/// safety. Writes each into `config.out`, with a card NAME.card.json that holds sources with
/// hashes, settings, size, and results on the held-out text. Returns the cards. The same config and
/// text give the same files. Errors: those of reading and writing; invalid_argument if a classifier
/// has only one label.
Result<std::vector<Json>> build_models(io::FileSystem& files, const ModelsConfig& config,
                                       Threads& threads);

}  // namespace aludel::curate
