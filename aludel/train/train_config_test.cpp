#include "aludel/train/train_config.h"

#include <filesystem>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/models/config_numbers.h"

namespace aludel::train {
namespace {

TrainConfig config(const std::string& out = "run") {
  TrainConfig config;
  config.out = out;
  config.data = "tokens/train";
  config.tokenizer = "tokenizer";
  return config;
}

TEST(TrainConfig, RefusesInputsThatTheRunWouldReplace) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "run/model");
  std::filesystem::create_directory_symlink(folder / "run", folder / "link");
  const std::string out = folder / "run";
  const auto is_refused = [&](auto&& set) {
    TrainConfig wrong = config(out);
    set(wrong);
    const Status status = validate(wrong);
    return !status &&
           status.error().message.find("which the run would replace") != std::string::npos;
  };
  for (const std::string& model : {out + "/model", out + "/./model/", out + "//model",
                                   out + "/model/../model", folder / "link/model"}) {
    EXPECT_TRUE(is_refused([&](TrainConfig& wrong) { wrong.init = model; })) << model;
    EXPECT_TRUE(is_refused([&](TrainConfig& wrong) { wrong.tokenizer = model; })) << model;
    EXPECT_TRUE(is_refused([&](TrainConfig& wrong) { wrong.data = model + "/train"; })) << model;
    EXPECT_TRUE(is_refused([&](TrainConfig& wrong) { wrong.validation = model + "/v"; })) << model;
  }
  for (const char* own : {"/checkpoints/step-00000008", "/train_log.jsonl", "/train.json"}) {
    EXPECT_TRUE(is_refused([&](TrainConfig& wrong) { wrong.data = out + own; })) << own;
  }
  for (const char* other : {"/tokens/train", "/model_before", "/train"}) {
    EXPECT_FALSE(is_refused([&](TrainConfig& right) { right.data = out + other; })) << other;
    EXPECT_FALSE(is_refused([&](TrainConfig& right) { right.init = out + other; })) << other;
  }
}

TEST(TrainConfig, RefusesInputsAlsoWhereOnePathIsRelative) {
  TrainConfig wrong = config("a_run_of_a_test");
  wrong.tokenizer = std::filesystem::absolute("a_run_of_a_test/model");
  EXPECT_FALSE(validate(wrong).has_value());
}

TEST(TrainConfig, TakesNoShapeThatLoadingRefuses) {
  const auto is_trained = [](auto&& set) {
    TrainConfig trained = config();
    trained.row_tokens = 2;
    set(trained.shape);
    return validate(trained).has_value();
  };
  const auto is_read = [](auto&& set) {
    TrainConfig made = config();
    set(made.shape);
    const Json json = models::write_llama_config(model_config(made.shape, 1000), "float32");
    return models::read_llama_config(parse_json(json.dump()).value()).has_value();
  };
  for (const double theta :
       {1e-9, 0.5, 1.0, models::kRopeThetas.least, 10000.0, 1e9, models::kRopeThetas.most, 1e16}) {
    const auto set = [&](ShapeConfig& shape) { shape.rope_theta = theta; };
    EXPECT_EQ(is_trained(set), is_read(set)) << theta;
  }
  for (const double epsilon : {-1.0, 0.0, 1e-5, 1.0, 1.5, 10.0}) {
    const auto set = [&](ShapeConfig& shape) { shape.norm_epsilon = epsilon; };
    EXPECT_EQ(is_trained(set), is_read(set)) << epsilon;
  }
  for (const std::int64_t head_size : {2, 64, 4096, 4098, 8192}) {
    const auto set = [&](ShapeConfig& shape) { shape.width = head_size * shape.heads; };
    EXPECT_EQ(is_trained(set), is_read(set)) << head_size;
  }
  for (const std::int64_t positions : {2, 1 << 24, (1 << 24) + 1}) {
    const auto set = [&](ShapeConfig& shape) { shape.max_positions = positions; };
    EXPECT_EQ(is_trained(set), is_read(set)) << positions;
  }
}

TEST(TrainConfig, RefusesRowsThatAreLongerThanTheContextAndNamesBoth) {
  TrainConfig wrong = config();
  wrong.shape.max_positions = 128;
  for (const std::int64_t tokens : {2, 128}) {
    wrong.row_tokens = tokens;
    EXPECT_TRUE(validate(wrong).has_value()) << tokens;
  }
  for (const std::int64_t tokens : {129, 512}) {
    wrong.row_tokens = tokens;
    const Status status = validate(wrong);
    ASSERT_FALSE(status.has_value()) << tokens;
    EXPECT_NE(status.error().message.find("row_tokens is " + std::to_string(tokens) +
                                          ", more than shape.max_positions, 128"),
              std::string::npos)
        << status.error().message;
    EXPECT_NE(status.error().message.find("lower row_tokens or raise"), std::string::npos);
  }
  wrong.init = "model";
  EXPECT_TRUE(validate(wrong).has_value()) << "the shape is that of init";
  const Status status = check_row_tokens(wrong, 256);
  ASSERT_FALSE(status.has_value());
  EXPECT_NE(status.error().message.find("the context of model, 256"), std::string::npos);
}

}  // namespace
}  // namespace aludel::train
