#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/train/train_config.h"

// What a training run is, so that a later one in the same folder can tell what differs.
namespace aludel::train {

/// A run's identity, as state.json and train.json hold it: {"config": every setting, "inputs": the
/// hash of what lies at each path that is read}. `inputs` is an object by the settings' names.
Json identity_of(const TrainConfig& config, const Json& inputs);

/// How two runs differ, as a reader says it: "steps: 4 -> 6".
struct IdentityChanges {
  std::vector<std::string> harmless;  // the first steps give the same weights
  std::vector<std::string> harmful;   // they do not
};

/// Compares the run that left `before` after `steps_done` steps with the one that `config` and
/// `inputs` describe. Harmless is what no weight of those steps depends on: where files lie, the
/// held-out data, how often something is measured or saved, and `steps` and `schedule` as long as
/// they give each step that is done the learning rate that it had.
IdentityChanges changes_since(const Json& before, const TrainConfig& config, const Json& inputs,
                              std::int64_t steps_done);

}  // namespace aludel::train
