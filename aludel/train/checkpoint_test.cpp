#include "aludel/train/checkpoint.h"

#include <filesystem>

#include <gtest/gtest.h>

namespace aludel::train {
namespace {

namespace fs = std::filesystem;
using tensor::DType;
using tensor::Tensor;

class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
  }

  void TearDown() override { fs::remove_all(folder_); }

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

  fs::path folder_;
  io::LocalFileSystem files_;
  Threads threads_{1};
  tensor::Device device_{threads_, Isa::scalar};
};

TEST_F(CheckpointTest, BringsBackParametersMomentsAndPlace) {
  const auto saved = make_parameters(1);
  AdamW optimizer(device_, {}, saved);
  optimizer.step(0.01);
  ASSERT_TRUE(
      write_checkpoint(files_, folder_, {7, 700, 1.5, "print"}, saved, optimizer).has_value());

  const auto loaded = make_parameters(9);
  AdamW other(device_, {}, loaded);
  const auto found = read_checkpoint(files_, folder_, "print", loaded, other).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->step, 7);
  EXPECT_EQ(found->tokens, 700);
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
        write_checkpoint(files_, folder_, {step, 0, 0, "p"}, parameters, optimizer).has_value());
  }
  EXPECT_FALSE(fs::exists(folder_ / "step-00000005"));
  EXPECT_TRUE(fs::exists(folder_ / "step-00000010"));
  fs::remove(folder_ / "step-00000015/state.json");
  EXPECT_EQ(read_checkpoint(files_, folder_, "p", parameters, optimizer).value()->step, 10);
  EXPECT_FALSE(
      read_checkpoint(files_, folder_, "other", parameters, optimizer).value().has_value());
}

TEST_F(CheckpointTest, RemovesThoseOfOtherInputsOnceItHasItsOwn) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  ASSERT_TRUE(write_checkpoint(files_, folder_, {30, 0, 0, "old"}, parameters, optimizer));
  ASSERT_TRUE(write_checkpoint(files_, folder_, {5, 0, 0, "new"}, parameters, optimizer));
  EXPECT_FALSE(fs::exists(folder_ / "step-00000030"));
  EXPECT_EQ(read_checkpoint(files_, folder_, "new", parameters, optimizer).value()->step, 5);
}

TEST_F(CheckpointTest, NamesADamagedStateFileAndWhatToDo) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  for (const std::int64_t step : {5, 10}) {
    ASSERT_TRUE(write_checkpoint(files_, folder_, {step, 0, 0, "p"}, parameters, optimizer));
  }
  for (const char* damage : {"", "{\"step\": 1", "[]", "{\"fingerprint\": \"p\"}"}) {
    ASSERT_TRUE(io::write_file(files_, folder_ / "step-00000010/state.json", damage));
    const auto found = read_checkpoint(files_, folder_, "p", parameters, optimizer);
    ASSERT_FALSE(found) << damage;
    EXPECT_EQ(found.error().code, Code::corrupt_data);
    EXPECT_NE(found.error().message.find("step-00000010/state.json is damaged"), std::string::npos)
        << found.error().message;
  }
  fs::remove_all(folder_ / "step-00000010");
  EXPECT_EQ(read_checkpoint(files_, folder_, "p", parameters, optimizer).value()->step, 5);
}

TEST_F(CheckpointTest, RefusesTensorsOfAnotherShapeAndAnEmptyFolderHasNone) {
  const auto parameters = make_parameters(1);
  AdamW optimizer(device_, {}, parameters);
  EXPECT_FALSE(read_checkpoint(files_, folder_, "p", parameters, optimizer).value().has_value());
  ASSERT_TRUE(write_checkpoint(files_, folder_, {1, 0, 0, "p"}, parameters, optimizer).has_value());
  std::vector<Parameter> wider = {
      {"a.weight", Tensor::zeros(DType::f32, {2, 4}), Tensor::zeros(DType::f32, {2, 4})}};
  AdamW other(device_, {}, wider);
  EXPECT_EQ(read_checkpoint(files_, folder_, "p", wider, other).error().code, Code::corrupt_data);
}

}  // namespace
}  // namespace aludel::train
