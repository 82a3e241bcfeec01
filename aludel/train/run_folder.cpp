#include "aludel/train/run_folder.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/io/exists.h"
#include "aludel/train/identity.h"

namespace aludel::train {
namespace {

/// Removes what a run leaves; the checkpoints state file first, as write_checkpoint() does.
Status remove_run(io::FileSystem& files, const TrainConfig& config) {
  ALUDEL_TRY(remove_checkpoints(files, checkpoint_folder(config)));
  ALUDEL_TRY(files.remove(model_folder(config)));
  ALUDEL_TRY(files.remove(log_path(config)));
  return files.remove(summary_path(config));
}

/// Why steps or a schedule that changed are harmful.
std::string rate_hint(const TrainConfig& config, const IdentityChanges& changes,
                      std::int64_t steps_done) {
  const bool is_rate = std::ranges::any_of(changes.harmful, [](const std::string& change) {
    return change.starts_with("steps:") || change.starts_with("schedule.");
  });
  if (!is_rate) return {};
  if (config.steps < steps_done) {
    return fmt::format(" ({} steps are done, and no step can be taken back)", steps_done);
  }
  return " (the steps done had other learning rates; a constant schedule goes on with more steps)";
}

Error another_training(const TrainConfig& config, const IdentityChanges& changes,
                       std::int64_t steps_done) {
  return {Code::invalid_argument,
          fmt::format("[train] {} holds another training; what differs: {}{}. --overwrite removes "
                      "it and begins anew, another `out` keeps it",
                      config.out, fmt::join(changes.harmful, ", "),
                      rate_hint(config, changes, steps_done))};
}

}  // namespace

std::string checkpoint_folder(const TrainConfig& config) {
  return io::join_path(config.out, "checkpoints");
}

std::string model_folder(const TrainConfig& config) {
  return io::join_path(config.out, "model");
}

std::string summary_path(const TrainConfig& config) {
  return io::join_path(config.out, "train.json");
}

std::string log_path(const TrainConfig& config) {
  return io::join_path(config.out, "train_log.jsonl");
}

Result<Json> read_summary(io::FileSystem& files, const TrainConfig& config) {
  auto bytes = io::read_file(files, summary_path(config));
  if (!bytes && bytes.error().code == Code::not_found) return Json::object();
  return parse_json(ALUDEL_TRY(std::move(bytes))).value_or(Json::object());
}

Result<std::optional<Checkpoint>> find_start(io::FileSystem& files, const TrainConfig& config,
                                             const Json& inputs, io::Existing existing) {
  auto found = newest_checkpoint(files, checkpoint_folder(config));
  if (!found && found.error().code == Code::corrupt_data) {
    if (existing == io::Existing::keep) {
      return Error{Code::corrupt_data, found.error().message + ", or begin anew with --overwrite"};
    }
    log_info("train: removes the training that {} held: {}", config.out, found.error().message);
    ALUDEL_TRY(remove_run(files, config));
    return std::optional<Checkpoint>();
  }
  auto newest = ALUDEL_TRY(std::move(found));
  const bool has_model =
      ALUDEL_TRY(io::exists(files, io::join_path(model_folder(config), "config.json")));
  if (!newest && !has_model) return newest;
  Json before = newest ? newest->at.identity : Json::object();
  std::int64_t steps_done = newest ? newest->at.step : 0;
  if (!newest) {
    const Json summary = ALUDEL_TRY(read_summary(files, config));
    if (const Json* identity = summary.find("identity")) before = *identity;
    steps_done = summary.integer_or("steps", 0);
  }
  const IdentityChanges changes = changes_since(before, config, inputs, steps_done);
  if (!changes.harmful.empty()) {
    if (existing == io::Existing::keep) {
      return another_training(config, changes, steps_done);
    }
    log_info("train: removes the training that {} held; what differed: {}", config.out,
             fmt::join(changes.harmful, ", "));
    ALUDEL_TRY(remove_run(files, config));
    return std::optional<Checkpoint>();
  }
  const std::string with =
      changes.harmless.empty() ? "" : fmt::format(", with {}", fmt::join(changes.harmless, ", "));
  if (newest) {
    log_info("train: goes on after step {}{}", steps_done, with);
  } else {
    log_info("train: {} has no checkpoints left, so the same training begins at step 1{}",
             config.out, with);
  }
  return newest;
}

}  // namespace aludel::train
