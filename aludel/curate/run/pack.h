#pragma once

#include <span>
#include <vector>

#include "aludel/curate/cascade/config.h"
#include "aludel/exec/tasks.h"
#include "aludel/io/file_system.h"

// Files of the format and size that a config asks for, out of those that the tasks left.
namespace aludel::curate {

/// Whether a run's documents are packed at its end, so that tasks leave them in work/.
bool packs_output(const CurateConfig& config);

/// The tasks that write kept/NNNNN and rejects/NNNNN: documents in the order of shards (and, among
/// rejects, of segments), in files of config.shard_megabytes of text each; a document belongs to
/// the file in which its text begins. `rows` are the manifest's of all tasks before; their counts
/// have the bytes of text of what they left as `text_bytes`. Each task reads only the files that
/// overlap its own, so that they run side by side.
std::vector<exec::Task> pack_tasks(io::FileSystem& files, const CurateConfig& config,
                                   std::span<const exec::ManifestRow> rows);

}  // namespace aludel::curate
