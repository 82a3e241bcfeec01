#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// What became of one document, and why:
///   {"id", "url", "source", "language", "file", "outcome": "kept" or "rejected",
///    "rejected_by", "reason", "score",   (a reject)
///    "text_from": "source" or "notes",
///    "layers": [{"name", "decision": "keep", "drop", "off" or "not reached", "reason", "score",
///                "edited", "after_drop", "measured": {…}, "settings": {…},
///                "cut_offs": [{"value", "measured", "side", "limit", "setting", "holds"}]}]}
/// One document of a run, sent again through all layers, fitted ones with the run's state, also
/// behind the one that dropped it (`after_drop`). Read again from its source; where that is gone,
/// or the run was made from another run, what the run noted stands for each layer, and those that
/// it did not reach are "not reached". `which` is an id or a URL, `models` replaces the config's.
/// Errors: not_found for a document that is in neither kept nor rejects.
Result<Json> explain(io::FileSystem& files, Threads& threads, const std::string& run_folder,
                     const std::string& which, const std::string& models);

}  // namespace aludel::curate
