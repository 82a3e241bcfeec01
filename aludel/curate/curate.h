#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/run/run_folder.h"
#include "aludel/curate/sources/ledger.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Sends all documents of the sources through the cascade, into the run folder config.out:
///   kept/NNNNN.jsonl.zst  rejects/NNNNN-S.jsonl.zst  state/LAYER/  report/*.json
///   (or, if the config asks for a format or a size: kept/NNNNN.parquet, rejects/NNNNN.parquet)
///   ledger.json  config.resolved.toml  manifest.jsonl
/// A new segment begins at each layer that learns of the corpus. The tasks of a segment send one
/// shard each through its layers. Between two segments is a barrier, at which the layer's plan
/// reads all shards and writes the layer's state. The same config and files give the same bytes for
/// any number of threads, and a run that was stopped or killed continues from its manifest.
/// `existing` says whether a finished run of other settings, sources or models in the folder is
/// replaced, or refused with what differs.
/// Errors: invalid_argument for a wrong config or a folder that holds something else; not_found for
/// sources, models or states that are missing; cancelled after a stop signal; those of
/// check_read_failures().
Result<CurateSummary> curate(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                             io::Existing existing = io::Existing::keep);

}  // namespace aludel::curate
