#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

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
  std::string fingerprint;  // of the config and the contents of the inputs
};

/// Writes FOLDER/step-000120/ whole or not at all (state.json comes last), then removes all but the
/// newest two of the same fingerprint. Errors: those of the file system.
Status write_checkpoint(io::FileSystem& files, const std::string& folder,
                        const Progression& progression, std::span<const Parameter> parameters,
                        const AdamW& optimizer);

/// Reads the newest whole checkpoint into parameters and optimizer; nothing when there is none, or
/// none of that fingerprint: a run with another config or other inputs begins anew.
/// Errors: corrupt_data for tensors that do not fit the parameters; those of the file system.
Result<std::optional<Progression>> read_checkpoint(io::FileSystem& files, const std::string& folder,
                                                   const std::string& fingerprint,
                                                   std::span<const Parameter> parameters,
                                                   AdamW& optimizer);

}  // namespace aludel::train
