#include "aludel/train/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/faulty_file_system.h"
#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace aludel::train {
namespace {

namespace fs = std::filesystem;
using tensor::DType;
using tensor::Tensor;

class CheckpointTest : public testing::Test {
 protected:
  std::vector<Parameter> make_parameters(float value) {
    std::vector<Parameter> parameters;
    for (const char* name : {"a.weight", "b.weight"}) {
      parameters.push_back(
          {name, Tensor::zeros(DType::f32, {2, 3}), Tensor::zeros(DType::f32, {2, 3})});
      std::ranges::fill(parameters.back().value.span<float>(), value);
      std::ranges::fill(parameters.back().gradient.span<float>(), 0.5F);
    }
    return parameters;
  }

  std::vector<std::string> step_folders() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.is_directory()) names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder temporary_;
  fs::path folder_ = fs::path(temporary_.path()) / "checkpoints";
  io::LocalFileSystem files_;
  Threads threads_{1};
  tensor::Device device_{threads_, Isa::scalar};
};

Json identity(std::string_view name) {
  Json json = Json::object();
  json["config"] = name;
  return json;
}

TEST_F(CheckpointTest, BringsBackParametersMomentsAndPlace) {
  const auto saved = make_parameters(1);
  AdamW optimizer(device_, {}, saved);
  optimizer.step(0.01);
  ASSERT_TRUE(write_checkpoint(files_, folder_, {7, 700, 1.5, identity("a")}, saved, optimizer));

  const auto loaded = make_parameters(9);
  AdamW other(device_, {}, loaded);
  const auto found = newest_checkpoint(files_, folder_).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->at.step, 7);
  EXPECT_EQ(found->at.tokens, 700);
  EXPECT_EQ(found->at.identity.dump(), identity("a").dump());
  ASSERT_TRUE(restore_checkpoint(files_, *found, loaded, other));
  EXPECT_EQ(other.steps(), 7);
  EXPECT_EQ(loaded[1].value.data<float>()[5], saved[1].value.data<float>()[5]);
  EXPECT_EQ(other.means()[0].data<float>()[0], optimizer.means()[0].data<float>()[0]);
  EXPECT_EQ(other.squares()[1].data<float>()[3], optimizer.squares()[1].data<float>()[3]);
}

TEST_F(CheckpointTest, KeepsTheNewestTwoAndIgnoresAHalfWrittenOne) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  for (const std::int64_t step : {5, 10, 15}) {
    ASSERT_TRUE(
        write_checkpoint(files_, folder_, {step, 0, 0, identity("p")}, parameters, optimizer));
  }
  EXPECT_FALSE(fs::exists(folder_ / "step-00000005"));
  EXPECT_TRUE(fs::exists(folder_ / "step-00000010"));
  fs::remove(folder_ / "step-00000015/state.json");
  EXPECT_EQ(newest_checkpoint(files_, folder_).value()->at.step, 10);
}

TEST_F(CheckpointTest, NamesADamagedStateFileAndWhatToDo) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  for (const std::int64_t step : {5, 10}) {
    ASSERT_TRUE(
        write_checkpoint(files_, folder_, {step, 0, 0, identity("p")}, parameters, optimizer));
  }
  for (const char* damage : {"", "{\"step\": 1", "[]", "{\"tokens\": 1}", "{\"step\": 11}"}) {
    ASSERT_TRUE(io::write_file(files_, folder_ / "step-00000010/state.json", damage));
    const auto found = newest_checkpoint(files_, folder_);
    ASSERT_FALSE(found) << damage;
    EXPECT_EQ(found.error().code, Code::corrupt_data);
    EXPECT_NE(found.error().message.find("step-00000010/state.json is damaged"), std::string::npos)
        << found.error().message;
  }
  fs::remove_all(folder_ / "step-00000010");
  EXPECT_EQ(newest_checkpoint(files_, folder_).value()->at.step, 5);
}

TEST_F(CheckpointTest, RefusesTensorsInWhichABitFlippedAndNamesWhatToRemove) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  for (const std::int64_t step : {5, 10}) {
    ASSERT_TRUE(
        write_checkpoint(files_, folder_, {step, 0, 0, identity("p")}, parameters, optimizer));
  }
  for (const char* name : {"model.safetensors", "optimizer.safetensors"}) {
    const std::string path = folder_ / "step-00000010" / name;
    const std::string whole = io::read_file(files_, path).value();
    for (const std::size_t back : {1U, 9U, 24U}) {
      std::string flipped = whole;
      char& byte = flipped[flipped.size() - back];
      byte = static_cast<char>(byte ^ 1);
      ASSERT_TRUE(io::write_file(files_, path, flipped));
      const auto found = newest_checkpoint(files_, folder_);
      ASSERT_FALSE(found) << name << " " << back;
      EXPECT_EQ(found.error().code, Code::corrupt_data);
      EXPECT_NE(found.error().message.find(path), std::string::npos) << found.error().message;
      EXPECT_NE(found.error().message.find("; remove "), std::string::npos);
    }
    ASSERT_TRUE(io::write_file(files_, path, whole));
    EXPECT_EQ(newest_checkpoint(files_, folder_).value()->at.step, 10);
  }
}

TEST_F(CheckpointTest, GoesOnWithAWarningFromOneWithoutHashesAndRefusesHalfOfThem) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  ASSERT_TRUE(write_checkpoint(files_, folder_, {5, 0, 0, identity("p")}, parameters, optimizer));
  const std::string path = folder_ / "step-00000005/state.json";
  Json state = parse_json(io::read_file(files_, path).value()).value();
  state["xxh128"].as_object().pop_back();
  ASSERT_TRUE(io::write_file(files_, path, state.dump()));
  EXPECT_EQ(newest_checkpoint(files_, folder_).error().code, Code::corrupt_data);
  state.as_object().pop_back();
  ASSERT_TRUE(io::write_file(files_, path, state.dump()));
  testing::internal::CaptureStderr();
  const auto found = newest_checkpoint(files_, folder_);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("without hashes"), std::string::npos);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found.value()->at.step, 5);
}

TEST_F(CheckpointTest, RefusesTensorsOfAnotherShapeAndAnEmptyFolderHasNone) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  EXPECT_FALSE(newest_checkpoint(files_, folder_).value().has_value());
  ASSERT_TRUE(write_checkpoint(files_, folder_, {1, 0, 0, identity("p")}, parameters, optimizer));
  std::vector<Parameter> wider = {
      {"a.weight", Tensor::zeros(DType::f32, {2, 4}), Tensor::zeros(DType::f32, {2, 4})}};
  AdamW other(device_, {}, wider);
  const auto found = newest_checkpoint(files_, folder_).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(restore_checkpoint(files_, *found, wider, other).error().code, Code::corrupt_data);
}

TEST_F(CheckpointTest, KeepsAWholeCheckpointWhicheverOperationOfTheNextOneFails) {
  const auto older = make_parameters(1);
  const auto newer = make_parameters(2);
  AdamW optimizer(device_, {}, older);
  const auto write = [&](io::FileSystem& files, std::int64_t step) {
    return write_checkpoint(files, folder_, {step, 0, 0, identity("p")}, step == 15 ? newer : older,
                            optimizer);
  };
  const auto begin = [&] {
    fs::remove_all(folder_);
    ASSERT_TRUE(write(files_, 5));
    ASSERT_TRUE(write(files_, 10));
  };
  FaultyFileSystem faulty(files_);
  begin();
  faulty.fail_at(0);
  ASSERT_TRUE(write(faulty, 15));
  const auto operations = faulty.spread(FaultyFileSystem::kAll);
  EXPECT_GT(operations.size(), 10U);
  for (const std::uint64_t operation : operations) {
    begin();
    faulty.fail_at(operation);
    const Status status = write(faulty, 15);
    ASSERT_FALSE(status.has_value()) << operation;
    EXPECT_NE(status.error().message.find(folder_.string()), std::string::npos)
        << status.error().message;
    const auto found = newest_checkpoint(files_, folder_);
    ASSERT_TRUE(found) << operation << ": " << found.error().message;
    ASSERT_TRUE(found.value().has_value()) << operation;
    EXPECT_GE(found.value()->at.step, 10) << operation;
    const auto loaded = make_parameters(9);
    AdamW other(device_, {}, loaded);
    ASSERT_TRUE(restore_checkpoint(files_, *found.value(), loaded, other)) << operation;
    EXPECT_EQ(loaded[0].value.data<float>()[0], found.value()->at.step == 15 ? 2 : 1) << operation;
    EXPECT_TRUE(write(files_, 15)) << "the next run goes on after operation " << operation;
    EXPECT_EQ(step_folders(), (std::vector<std::string>{"step-00000010", "step-00000015"}))
        << operation;
  }
}

TEST_F(CheckpointTest, RemovesWhatIsLeftOfHalfWrittenAndHalfRemovedOnes) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  for (const std::int64_t step : {5, 7, 10, 15}) {
    ASSERT_TRUE(
        write_checkpoint(files_, folder_, {step, 0, 0, identity("p")}, parameters, optimizer));
    if (step < 10) fs::remove(folder_ / fmt::format("step-{:08}/state.json", step));
  }
  ASSERT_TRUE(io::write_file(files_, folder_ / "notes.txt", "of the user"));
  EXPECT_EQ(step_folders(), (std::vector<std::string>{"step-00000010", "step-00000015"}));
  ASSERT_TRUE(remove_older_checkpoints(files_, folder_));
  EXPECT_TRUE(fs::exists(folder_ / "notes.txt"));
  EXPECT_EQ(newest_checkpoint(files_, folder_).value()->at.step, 15);
}

TEST_F(CheckpointTest, IsRemovedWholeOrStaysWholeWhicheverOperationFails) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  const auto begin = [&] {
    for (const std::int64_t step : {5, 10}) {
      ASSERT_TRUE(
          write_checkpoint(files_, folder_, {step, 0, 0, identity("p")}, parameters, optimizer));
    }
  };
  FaultyFileSystem faulty(files_);
  begin();
  faulty.fail_at(0);
  ASSERT_TRUE(remove_checkpoints(faulty, folder_));
  for (const std::uint64_t operation : faulty.spread(FaultyFileSystem::kAll)) {
    begin();
    faulty.fail_at(operation);
    const Status status = remove_checkpoints(faulty, folder_);
    ASSERT_FALSE(status.has_value()) << operation;
    EXPECT_NE(status.error().message.find(folder_.string()), std::string::npos)
        << status.error().message;
    const auto found = newest_checkpoint(files_, folder_);
    ASSERT_TRUE(found) << operation << ": " << found.error().message;
    ASSERT_TRUE(remove_checkpoints(files_, folder_)) << operation;
    EXPECT_FALSE(fs::exists(folder_)) << operation;
  }
}

TEST_F(CheckpointTest, SaysWhichOperationOfReadingFailed) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  ASSERT_TRUE(write_checkpoint(files_, folder_, {5, 0, 0, identity("p")}, parameters, optimizer));
  FaultyFileSystem faulty(files_);
  const auto read = [&]() -> Status {
    const auto found = ALUDEL_TRY(newest_checkpoint(faulty, folder_));
    EXPECT_TRUE(found.has_value()) << "one that cannot be read is an error and never none";
    return restore_checkpoint(faulty, *found, parameters, optimizer);
  };
  ASSERT_TRUE(read());
  for (const std::uint64_t operation : faulty.spread(FaultyFileSystem::kAll)) {
    faulty.fail_at(operation);
    const Status status = read();
    ASSERT_FALSE(status.has_value()) << operation;
    EXPECT_EQ(status.error().code, Code::io_error) << operation;
    EXPECT_NE(status.error().message.find(folder_.string()), std::string::npos)
        << status.error().message;
  }
}

}  // namespace
}  // namespace aludel::train
