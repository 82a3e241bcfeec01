#pragma once

#include <optional>
#include <string>

#include "aludel/base/json.h"
#include "aludel/io/keeping_file_system.h"
#include "aludel/train/checkpoint.h"
#include "aludel/train/train_config.h"

// The folder that a training run leaves: OUT/checkpoints, OUT/model, OUT/train.json and
// OUT/train_log.jsonl.
namespace aludel::train {

std::string checkpoint_folder(const TrainConfig& config);
std::string model_folder(const TrainConfig& config);
std::string summary_path(const TrainConfig& config);
std::string log_path(const TrainConfig& config);

/// What OUT/train.json holds; an empty object where it is missing or no JSON. Errors: those of
/// reading.
Result<Json> read_summary(io::FileSystem& files, const TrainConfig& config);

/// Where a run begins in OUT: at the newest checkpoint, or at its first step (nothing). It goes on
/// only where the steps that are done are this run's own (changes_since), and says with what
/// changes. Errors: invalid_argument where OUT holds another training, naming each difference;
/// corrupt_data as newest_checkpoint(); those of the file system. With Existing::replace what is
/// there is removed instead.
Result<std::optional<Checkpoint>> find_start(io::FileSystem& files, const TrainConfig& config,
                                             const Json& inputs, io::Existing existing);

}  // namespace aludel::train
