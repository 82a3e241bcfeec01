#pragma once

#include <span>
#include <vector>

#include "aludel/curate/cascade/config.h"
#include "aludel/exec/tasks.h"
#include "aludel/io/file_system.h"

// Packs what the tasks left into files of the format and size that a config asks for.
namespace aludel::curate {

/// True if a run's documents are packed at its end, so that its tasks leave them in work/.
bool packs_output(const CurateConfig& config);

/// Returns the tasks that write kept/NNNNN and rejects/NNNNN. Documents come in the order of shards
/// (rejects of one shard in the order of segments), in files of config.shard_megabytes of text
/// each; a document belongs to the file in which its text begins. `rows` are the manifest's rows of
/// all tasks before; their count `text_bytes` has the bytes of text of each file. A task reads only
/// the files that overlap its own, so that tasks can run side by side.
std::vector<exec::Task> pack_tasks(io::FileSystem& files, const CurateConfig& config,
                                   std::span<const exec::ManifestRow> rows);

}  // namespace aludel::curate
