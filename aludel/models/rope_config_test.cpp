#include <gtest/gtest.h>

#include "aludel/models/config.h"

namespace aludel::models {
namespace {

Json config_of(std::int64_t positions, std::string_view scaling,
               std::string_view key = "rope_scaling") {
  Json json = parse_json(R"({"vocab_size": 40, "hidden_size": 16, "intermediate_size": 24,
    "num_hidden_layers": 2, "num_attention_heads": 4})")
                  .value();
  json["max_position_embeddings"] = positions;
  json[key] = parse_json(scaling).value();
  return json;
}

std::size_t context(std::int64_t positions, std::string_view scaling,
                    std::string_view key = "rope_scaling") {
  const auto config = read_llama_config(config_of(positions, scaling, key));
  EXPECT_TRUE(config) << scaling << (config ? "" : config.error().message);
  if (!config) return 0;
  const auto again = read_llama_config(write_llama_config(config.value(), "float32"));
  EXPECT_EQ(again.value().context_length(), config.value().context_length()) << scaling;
  return config.value().context_length();
}

TEST(ContextLength, IsMaxPositionEmbeddingsOfLlama3WhateverItsFactor) {
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    for (const char* factor : {"8.0", "32.0", "2"}) {
      const std::string scaling =
          std::string(R"({"rope_type": "llama3", "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192, "factor": )") +
          factor + "}";
      EXPECT_EQ(context(131072, scaling, key), 131072U);
      EXPECT_EQ(context(4096, scaling, key), 4096U);  // cut by its maker
    }
  }
}

TEST(ContextLength, IsStretchedWhereOnlyTheLengthBeforeIsStated) {
  EXPECT_EQ(context(200000, "null"), 200000U);
  EXPECT_EQ(context(4096, R"({"type": "linear", "factor": 4.0})"), 16384U);
  EXPECT_EQ(context(2048, R"({"type": "dynamic", "factor": 2.5})"), 5120U);
  EXPECT_EQ(context(32768, R"({"rope_type": "yarn", "factor": 4.0})"), 131072U);
  EXPECT_EQ(context(32768, R"({"rope_type": "yarn", "factor": 4.0,
                               "original_max_position_embeddings": 32768})"),
            131072U);
  EXPECT_EQ(context(100, R"({"rope_type": "linear", "factor": 2,
                             "original_max_position_embeddings": 100})"),
            200U);
}

TEST(ContextLength, IsMaxPositionEmbeddingsWhereTheLengthBeforeStretchingDiffers) {
  for (const char* type : {"yarn", "linear", "dynamic"}) {
    const std::string scaling = std::string(R"({"rope_type": ")") + type +
                                R"(", "factor": 40, "original_max_position_embeddings": 4096})";
    EXPECT_EQ(context(163840, scaling), 163840U) << type;
    EXPECT_EQ(context(65536, scaling), 65536U) << type;
  }
}

TEST(RopeConfig, RefusesByNameWhatItDoesNotKnow) {
  const auto message = [](std::string_view scaling, std::string_view key = "rope_scaling") {
    const auto config = read_llama_config(config_of(4096, scaling, key));
    return config ? std::string("accepted") : config.error().message;
  };
  const auto expect = [&](std::string_view part, std::string_view scaling,
                          std::string_view key = "rope_scaling") {
    EXPECT_NE(message(scaling, key).find(part), std::string::npos)
        << scaling << ": " << message(scaling, key);
  };
  expect("'longrope'", R"({"type": "longrope", "factor": 4.0})");
  expect("'su'", R"({"type": "su", "short_factor": [1.0]})");
  expect("without rope_type", R"({"factor": 4.0})");
  expect("factor is missing", R"({"type": "linear"})");
  expect("factor is \"4\"", R"({"type": "linear", "factor": "4"})");
  expect("factor is 0.5", R"({"type": "linear", "factor": 0.5})");
  expect("factor is -2", R"({"type": "yarn", "factor": -2})");
  expect("over", R"({"type": "dynamic", "factor": 100000})");
  expect("without original_max_position_embeddings",
         R"({"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4})");
  expect("high_freq_factor", R"({"rope_type": "llama3", "factor": 8, "low_freq_factor": 4,
    "high_freq_factor": 4, "original_max_position_embeddings": 64})");
  expect("low_freq_factor is missing", R"({"rope_type": "llama3", "factor": 8,
    "high_freq_factor": 4, "original_max_position_embeddings": 64})");
  expect("beta_fast is 0", R"({"rope_type": "yarn", "factor": 8, "beta_fast": 0})");
  expect("attention_factor is -1", R"({"rope_type": "yarn", "factor": 8, "attention_factor": -1})");
  expect("full_attention", R"({"full_attention": {"rope_type": "default"}})", "rope_parameters");
  expect("no object", R"("linear")");
  expect("rope_theta is 1e+30", R"({"rope_type": "default", "rope_theta": 1e30})");
  expect("partial_rotary_factor", R"({"rope_type": "default", "partial_rotary_factor": 0.5})");
}

TEST(RopeConfig, RefusesTwoPlacesThatSayDifferently) {
  const auto message = [](std::string_view parameters, std::string_view scaling, double theta) {
    Json json = config_of(4096, parameters, "rope_parameters");
    json["rope_scaling"] = parse_json(scaling).value();
    if (theta != 0) json["rope_theta"] = theta;
    const auto config = read_llama_config(json);
    return config ? std::string("accepted") : config.error().message;
  };
  const char* const linear = R"({"rope_type": "linear", "factor": 2.0, "rope_theta": 500000.0})";
  EXPECT_EQ(message(linear, "null", 0), "accepted");
  EXPECT_EQ(message(linear, linear, 500000), "accepted");
  EXPECT_NE(message(linear, R"({"rope_type": "default"})", 0).find("rope_scaling differ"),
            std::string::npos);
  EXPECT_NE(message("null", linear, 10000).find("rope_theta is 10000"), std::string::npos);
}

TEST(RopeConfig, TakesTheBaseOfRopeParametersBeforeTheOneBesideThemAndSaysSo) {
  Json json =
      config_of(4096, R"({"rope_type": "default", "rope_theta": 500000.0})", "rope_parameters");
  json["rope_theta"] = 10000;
  testing::internal::CaptureStderr();
  const auto config = read_llama_config(json);
  const std::string said = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config.value().rope.theta, 500000);
  EXPECT_NE(said.find("rope_theta is 10000, but 500000 in rope_parameters"), std::string::npos)
      << said;
}

TEST(ModelConfig, RefusesNumbersOfAnotherTypeAndIdsOutsideOfTheVocabulary) {
  const auto message = [](std::string_view key, const Json& value) {
    Json json = config_of(128, "null");
    json[key] = value;
    const auto config = read_llama_config(json);
    return config ? std::string("accepted") : config.error().message;
  };
  const std::vector<std::pair<const char*, Json>> wrong = {
      {"rms_norm_eps", "1e-5"},
      {"rms_norm_eps", -1.0},
      {"rms_norm_eps", 2.0},
      {"tie_word_embeddings", "true"},
      {"attention_bias", 1},
      {"hidden_size", 16.0},
      {"num_hidden_layers", std::int64_t{1} << 40},
      {"bos_token_id", 40},
      {"bos_token_id", std::int64_t{1} << 32},
      {"eos_token_id", Json::Array{Json(2), Json(-7)}},
      {"eos_token_id", (std::int64_t{1} << 32) + 2},
      {"eos_token_id", 2.0},
      {"eos_token_id", "2"}};
  for (const auto& [key, value] : wrong) {
    EXPECT_NE(message(key, value).find(key), std::string::npos) << key << ": " << value.dump();
  }
  EXPECT_EQ(message("eos_token_id", -1), "accepted");
  EXPECT_EQ(message("bos_token_id", Json()), "accepted");
}

}  // namespace
}  // namespace aludel::models
