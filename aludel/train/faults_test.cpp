// A training whose disk fails leaves a whole checkpoint, and goes on to the same bytes.
#include <map>

#include "tests/faulty_file_system.h"
#include "tests/training_run.h"
#include <gtest/gtest.h>

#include "aludel/io/input_recorder.h"
#include "aludel/train/checkpoint.h"
#include "aludel/train/run_folder.h"

namespace aludel::train {
namespace {

/// The fast suite lets a few operations of each kind fail, the slow one all.
class TrainFaults : public TrainingRun {
 protected:
  /// Three checkpoints, so that the last one removes the first.
  TrainConfig short_config(const std::string& out) {
    TrainConfig short_run = config(out);
    short_run.steps = 6;
    short_run.validation = "";
    return short_run;
  }

  /// What a run leaves but for its speed: the log, and hashes of files by path below its folder.
  std::map<std::string, std::string> content(const TrainConfig& config) {
    std::map<std::string, std::string> all;
    for (const io::FileInfo& file : files_.list(config.out).value()) {
      const std::string name = file.path.substr(config.out.size() + 1);
      const bool has_speed = name.ends_with("state.json") || name == "train.json";
      all[name] = has_speed ? "" : io::hash_file(files_, file.path).value().hex();
    }
    std::string& log = all["train_log.jsonl"] = "";
    std::ifstream rows(log_path(config));
    for (std::string row; std::getline(rows, row);) {
      const Json json = parse_json(row).value();
      log += json.find("step")->dump() + " " + json.find("loss")->dump() + "\n";
    }
    return all;
  }

  /// Lets operations of a training fail, `most` of each kind, and runs it again. Before each, OUT
  /// is a copy of `before`; where that is empty there is none.
  void expect_clean_failures(const TrainConfig& config, const std::string& before,
                             std::size_t most) {
    const auto existing = before.empty() ? io::Existing::keep : io::Existing::replace;
    const auto begin = [&] {
      fs::remove_all(config.out);
      if (!before.empty()) fs::copy(before, config.out, fs::copy_options::recursive);
    };
    begin();
    FaultyFileSystem faulty(files_);
    ASSERT_TRUE(run_on(faulty, config, 1, existing));
    const auto expected = content(config);
    for (const std::uint64_t operation : faulty.spread(most)) {
      begin();
      faulty.fail_at(operation);
      const Status status = run_on(faulty, config, 1, existing);
      ASSERT_TRUE(faulty.has_struck()) << operation;
      if (status) {  // the fault struck where an absent file is no error
        ASSERT_EQ(content(config), expected) << operation;
      } else {
        EXPECT_NE(status.error().message.find(folder_.string()), std::string::npos)
            << operation << ": " << status.error().message;
      }
      const auto found = newest_checkpoint(files_, checkpoint_folder(config));
      ASSERT_TRUE(found) << operation << ": " << found.error().message;
      const Status again = run(config, 1, existing);
      ASSERT_TRUE(again) << operation << ": " << again.error().message;
      ASSERT_EQ(content(config), expected) << operation;
    }
  }

  void expect_clean_failures_of_a_new_training(std::size_t most) {
    expect_clean_failures(short_config("out"), "", most);
  }

  void expect_clean_failures_of_tuning(std::size_t most) {
    ASSERT_TRUE(run(short_config("base"), 1));
    TrainConfig tuned = tuning_config("tuned");
    tuned.steps = 4;
    expect_clean_failures(tuned, "", most);
  }

  void expect_clean_failures_over_another_training(std::size_t most) {
    TrainConfig other = short_config("other");
    other.seed = 2;
    ASSERT_TRUE(run(other, 1));
    expect_clean_failures(short_config("out"), other.out, most);
  }
};

class TrainFaultsSlow : public TrainFaults {};

constexpr std::size_t kAll = FaultyFileSystem::kAll;

TEST_F(TrainFaults, LeaveAWholeCheckpointAndTheSameBytesAfterwards) {
  expect_clean_failures_of_a_new_training(3);
}

TEST_F(TrainFaultsSlow, LeaveAWholeCheckpointAndTheSameBytesAfterwards) {
  expect_clean_failures_of_a_new_training(kAll);
}

TEST_F(TrainFaults, OfTuningLeaveAWholeCheckpointAndTheSameBytesAfterwards) {
  expect_clean_failures_of_tuning(2);
}

TEST_F(TrainFaultsSlow, OfTuningLeaveAWholeCheckpointAndTheSameBytesAfterwards) {
  expect_clean_failures_of_tuning(kAll);
}

TEST_F(TrainFaults, BetweenTwoTrainingsLeaveTheOneOrTheOther) {
  expect_clean_failures_over_another_training(2);
}

TEST_F(TrainFaultsSlow, BetweenTwoTrainingsLeaveTheOneOrTheOther) {
  expect_clean_failures_over_another_training(kAll);
}

TEST_F(TrainFaults, NeverMakeAnotherTrainingLookLikeNone) {
  const TrainConfig config = short_config("out");
  ASSERT_TRUE(run(config, 1));
  fs::remove_all(checkpoint_folder(config));
  TrainConfig other = config;
  other.seed = 2;
  const Json inputs = *summary("out").find("identity")->find("inputs");
  FaultyFileSystem faulty(files_);
  EXPECT_EQ(find_start(faulty, other, inputs, io::Existing::keep).error().code,
            Code::invalid_argument);
  for (const std::uint64_t operation : faulty.spread(kAll)) {
    faulty.fail_at(operation);
    const auto start = find_start(faulty, other, inputs, io::Existing::keep);
    ASSERT_FALSE(start) << operation;
    EXPECT_EQ(start.error().code, Code::io_error) << operation << ": " << start.error().message;
  }
}

TEST_F(TrainFaults, InTheTokenizerOfTheFirstModelLeaveNoRunOfOtherInputs) {
  ASSERT_TRUE(run(short_config("base"), 1));
  const TrainConfig tuned = tuning_config("tuned");
  FaultyFileSystem faulty(files_);
  faulty.refuse("base/model/tokenizer.model");
  const Status status = run_on(faulty, tuned, 1);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("base/model/tokenizer.model"), std::string::npos)
      << status.error().message;
  EXPECT_TRUE(run(tuned, 1));
}

}  // namespace
}  // namespace aludel::train
