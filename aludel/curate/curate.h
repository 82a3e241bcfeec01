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

/// Sends all sources through the cascade into the run folder config.out:
///   kept/NNNNN.jsonl.zst  rejects/NNNNN-S.jsonl.zst  state/LAYER/  report/*.json
///   (packed into files of a format and size asked for: kept/NNNNN.parquet, rejects/NNNNN.parquet)
///   ledger.json  config.resolved.toml  manifest.jsonl
/// The cascade is cut before each fitted layer. A segment's tasks stream one shard each through its
/// layers; between two segments stands a barrier, behind which the fitted layer sees all shards in
/// order and writes its state. The same config and files give the same bytes for any number of
/// threads, and a run that was stopped or killed goes on from its manifest.
/// A finished run there of other settings, sources or models is replaced, or refused with what
/// differs.
/// Errors: invalid_argument for a wrong config or a folder that holds something else; not_found for
/// sources, models or states that are missing; cancelled after a stop signal; those of
/// check_read_failures().
Result<CurateSummary> curate(io::FileSystem& files, Threads& threads, const CurateConfig& config,
                             io::Existing existing = io::Existing::keep);

}  // namespace aludel::curate
