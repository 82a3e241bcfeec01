#pragma once

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"
#include "aludel/io/keeping_file_system.h"

// `aludel curate --dry-run`: what a run would do, without doing or writing any of it.
namespace aludel::app {

/// {"sources": [{"name", "files": {FORMAT: n}, "not_read": {REASON: n}, "not_built": {MESSAGE: n},
///  "bytes"}], "tasks", "out", "layers": [{"name", "on", "origin", "problem"}], "models": [LINE],
///  "problems": n}
/// Files of a format that nobody claims are counted as "unknown"; those of a format that this
/// program was built without, under what says so. Where a finished run is read again it stands
/// instead of sources, "run": {"folder", "annotated", "documents_in", "documents_kept", "files",
/// "bytes"}, and a layer's "origin" is where its verdicts come from. A layer's problem is what is
/// missing for it, a model above all; layers that are made load their models. Errors: those of
/// planning, not_found for a source without files; invalid_argument where a run would refuse its
/// folder, or settings of a layer.
Result<Json> dry_run(io::FileSystem& files, Threads& threads, const curate::CurateConfig& config,
                     io::Existing existing);

/// The same for people.
std::string dry_run_text(const Json& plan);

}  // namespace aludel::app
