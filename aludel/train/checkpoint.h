#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/train/adamw.h"
#include "aludel/train/parameter.h"

// Everything that a stopped training run needs to go on: docs/formats/checkpoint.md.
namespace aludel::train {

/// Where a run stands. The data's position and all randomness follow from the step.
struct Progression {
  std::int64_t step = 0;    // steps done
  std::int64_t tokens = 0;  // targets seen
  double seconds = 0;       // spent training
  Json identity;            // of the run: identity_of()
};

/// A whole checkpoint on disk.
struct Checkpoint {
  std::string folder;
  Progression at;
};

/// Writes FOLDER/step-00000120/ whole or not at all (state.json comes last), then removes the older
/// ones. Errors: those of the file system.
Status write_checkpoint(io::FileSystem& files, const std::string& folder,
                        const Progression& progression, std::span<const Parameter> parameters,
                        const AdamW& optimizer);

/// The newest whole checkpoint; nothing when there is none.
/// Errors: corrupt_data for a damaged state file, cut tensors, or tensors of another hash than the
/// state's, with what to remove; those of the file system.
Result<std::optional<Checkpoint>> newest_checkpoint(io::FileSystem& files,
                                                    const std::string& folder);

/// Reads a checkpoint into parameters and optimizer.
/// Errors: corrupt_data for tensors that do not fit the parameters; those of the file system.
Status restore_checkpoint(io::FileSystem& files, const Checkpoint& checkpoint,
                          std::span<const Parameter> parameters, AdamW& optimizer);

/// Removes what is older than the newest two whole checkpoints, with the rests of those that were
/// written or removed by half. Errors: those of the file system.
Status remove_older_checkpoints(io::FileSystem& files, const std::string& folder);

/// Removes all checkpoints, state files first: what is left of half a removal is not whole.
Status remove_checkpoints(io::FileSystem& files, const std::string& folder);

}  // namespace aludel::train
