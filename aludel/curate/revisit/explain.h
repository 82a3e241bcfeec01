#pragma once

#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Explains what became of one document of a run, and why. Returns:
///   {"id", "url", "source", "language", "file", "outcome": "kept" or "rejected",
///    "rejected_by", "reason", "score",   (a reject)
///    "text_from": "source" or "notes",
///    "layers": [{"name", "decision": "keep", "drop", "off" or "not reached", "reason", "score",
///                "edited", "after_drop", "measured": {…}, "settings": {…},
///                "cut_offs": [{"value", "measured", "side", "limit", "setting", "holds"}]}]}
/// Reads the document again from its source and sends it through all layers with the run's states,
/// also through those behind the layer that dropped it (`after_drop`). If its source is gone, or if
/// the run was made from another run, reports what the run noted for each layer; the layers that
/// the document did not reach are then "not reached". `which` is an id or a URL; `models` replaces
/// the config's folder of models unless it is empty.
/// Errors: not_found for a document that is neither in kept nor in rejects.
Result<Json> explain(io::FileSystem& files, Threads& threads, const std::string& run_folder,
                     const std::string& which, const std::string& models);

}  // namespace aludel::curate
