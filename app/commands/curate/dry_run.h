#pragma once

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/config.h"
#include "aludel/io/file_system.h"

// `aludel curate --dry-run`: what a run would do, without doing or writing any of it.
namespace aludel::app {

/// {"sources": [{"name", "files": {FORMAT: n}, "bytes"}], "tasks", "out",
///  "layers": [{"name", "on", "problem"}], "models": [LINE], "problems": n}
/// Files of a format that nobody claims are counted as "unknown". A layer's problem is what its
/// make says, a missing model above all; layers that are made load their models. Errors: those of
/// planning, not_found for a source without files.
Result<Json> dry_run(io::FileSystem& files, Threads& threads, const curate::CurateConfig& config);

/// The same for people.
std::string dry_run_text(const Json& plan);

}  // namespace aludel::app
