#include "aludel/infer/model_folder.h"

#include <filesystem>

#include "tests/faulty_file_system.h"
#include "tests/scripted_model.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/models/weights.h"

namespace aludel::infer {
namespace {

/// A run folder whose model/ holds a small random model with a tokenizer of bytes.
class ModelFolder : public testing::Test {
 protected:
  void SetUp() override {
    const Json json = parse_json(R"({"architectures": ["YiForCausalLM"], "vocab_size": 300,
      "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1,
      "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 128,
      "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "bos_token_id": 1, "eos_token_id": [2, 7]})")
                          .value();
    const auto model = models::make_model(models::read_llama_config(json).value()).value();
    ASSERT_TRUE(models::write_hf_folder(files_, folder_, model, models::initial_weights(model, 1),
                                        tensor::DType::f32));
    ASSERT_TRUE(byte_tokenizer().save(files_, folder_));
  }

  Result<LoadedModel> load(const std::string& path, TokenizerNeed need = TokenizerNeed::required) {
    return load_model_folder(device_, files_, path, "auto", need);
  }

  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(io::write_file(files_, folder_ + "/" + name, text));
  }

  TemporaryFolder temporary_;
  io::LocalFileSystem files_;
  std::string folder_ = temporary_.path() + "/run7/model";
  Threads threads_{1};
  tensor::Device device_{threads_, Isa::scalar};
};

TEST_F(ModelFolder, OpensAModelOrTheModelOfARun) {
  for (const std::string& path : {temporary_.path() + "/run7", folder_, folder_ + "/"}) {
    const auto loaded = load(path);
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded.value().name, "run7");
    EXPECT_EQ(loaded.value().stop_ids, (std::vector<std::int32_t>{2, 7}));
    EXPECT_TRUE(loaded.value().prompts->has_chat());
  }
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(temporary_.path() + "/run7");
  for (const char* path : {"model", "./model", ".", "model/", "../run7", "model/.."}) {
    const auto loaded = load(path);
    ASSERT_TRUE(loaded) << path << ": " << loaded.error().message;
    EXPECT_EQ(loaded.value().name, "run7") << path;
  }
  std::filesystem::current_path(before);
  const auto missing = load(temporary_.path());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
}

TEST_F(ModelFolder, IsNotLookedForElsewhereWhereItCannotBeLookedAt) {
  FaultyFileSystem faulty(files_);
  faulty.fail_at(1);
  const auto found = find_model_folder(faulty, folder_);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::io_error) << found.error().message;
}

TEST_F(ModelFolder, EndsRepliesWhereAnyFileOrTheTemplateSays) {
  using Ids = std::vector<std::int32_t>;
  const auto config = [&](const Json& ends) {
    Json json = parse_json(io::read_file(files_, folder_ + "/config.json").value()).value();
    json["eos_token_id"] = ends;
    write("config.json", json.dump());
  };
  ASSERT_TRUE(files_.remove(folder_ + "/generation_config.json"));
  config(2);
  EXPECT_EQ(load(folder_).value().stop_ids, (Ids{2, 7}));  // <|im_end|>, which no config lists
  config(Json());
  EXPECT_EQ(load(folder_).value().stop_ids, (Ids{2, 7}));
  write("generation_config.json", R"({"eos_token_id": [3, 2]})");
  EXPECT_EQ(load(folder_).value().stop_ids, (Ids{3, 2, 7}));
  write("tokenizer_config.json", R"({"eos_token": "<b>", "add_bos_token": false})");
  EXPECT_EQ(load(folder_).value().stop_ids, (Ids{3, 2, 4, 7}));
  for (const char* wrong : {R"({"eos_token_id": [2, -1]})", R"({"eos_token_id": -2})",
                            R"({"bos_token_id": 300})", R"({"eos_token_id": [null]})"}) {
    write("generation_config.json", wrong);
    EXPECT_FALSE(load(folder_)) << wrong;
  }
  write("generation_config.json", R"({"eos_token_id": -1})");
  EXPECT_TRUE(load(folder_)) << "none";
  write("generation_config.json", R"({"eos_token_id": [300]})");
  const auto refused = load(folder_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("generation_config.json"), std::string::npos);
  EXPECT_NE(refused.error().message.find("eos_token_id"), std::string::npos);
}

TEST_F(ModelFolder, BeginsFromNothingWithTheIdOfTheGenerationConfig) {
  EXPECT_EQ(load(folder_).value().prompts->encode_text(""), (std::vector<std::int32_t>{1}));
  write("generation_config.json", R"({"bos_token_id": 6, "eos_token_id": 7})");
  EXPECT_EQ(load(folder_).value().prompts->encode_text(""), (std::vector<std::int32_t>{6}));
  EXPECT_EQ(load(folder_).value().prompts->encode_text("ab"), byte_ids("ab"));
}

TEST_F(ModelFolder, PutsTheBeginIdWhereTheTokenizerConfigSays) {
  EXPECT_EQ(load(folder_).value().prompts->prefix_tokens(), 0U);  // there is a tokenizer.json
  write("tokenizer_config.json", R"({"add_bos_token": true})");
  EXPECT_EQ(load(folder_).value().prompts->prefix_tokens(), 1U);
  write("tokenizer_config.json", R"({"add_bos_token": false})");
  EXPECT_EQ(load(folder_).value().prompts->prefix_tokens(), 0U);
  ASSERT_TRUE(files_.remove(folder_ + "/tokenizer_config.json"));
  ASSERT_TRUE(files_.remove(folder_ + "/tokenizer.json"));
  EXPECT_EQ(load(folder_).value().prompts->prefix_tokens(), 1U);  // LlamaTokenizer's default
}

TEST_F(ModelFolder, ReadsHowToSample) {
  write("generation_config.json", R"({"temperature": 0.6, "top_p": 0.8, "top_k": 40})");
  const SamplingOptions sampling =
      load(folder_).value().sampling.over({.temperature = 0.7, .min_p = 0.1});
  EXPECT_EQ(sampling.temperature, 0.6);
  EXPECT_EQ(sampling.top_p, 0.8);
  EXPECT_EQ(sampling.top_k, 40);
  EXPECT_EQ(sampling.min_p, 0.1) << "what is not stated stays with the command";
  write("generation_config.json", R"({"temperature": -2})");
  const auto refused = load(folder_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("generation_config.json"), std::string::npos);
  for (const char* wrong : {R"({"temperature": "0.6"})", R"({"top_k": 2.5})", R"({"top_k": "40"})",
                            R"({"top_p": 1e300})", R"({"min_p": true})", R"({"top_p": 0})",
                            R"({"do_sample": "y"})", R"({"do_sample": 1})"}) {
    write("generation_config.json", wrong);
    EXPECT_FALSE(load(folder_)) << wrong;
  }
  write("generation_config.json", R"({"temperature": null, "top_k": null})");
  EXPECT_TRUE(load(folder_));
  write("generation_config.json", "{not json");
  EXPECT_FALSE(load(folder_));
}

TEST_F(ModelFolder, DrawsNothingWhereTheFolderSaysSo) {
  const auto temperature = [&](const char* text) {
    write("generation_config.json", text);
    return load(folder_).value().sampling.over({.temperature = 0.7}).temperature;
  };
  EXPECT_EQ(temperature(R"({"do_sample": false})"), 0);
  EXPECT_EQ(temperature(R"({"do_sample": false, "temperature": 0.6})"), 0);
  EXPECT_EQ(temperature(R"({"do_sample": true, "temperature": 0.6})"), 0.6);
  EXPECT_EQ(temperature(R"({"do_sample": null})"), 0.7);
}

TEST(GenerationConfig, NamesWhatIsNotUsed) {
  const auto unused = [](const char* text) { return unused_members(parse_json(text).value()); };
  EXPECT_EQ(unused(R"({"num_beams": 4, "max_new_tokens": 99, "suppress_tokens": [3], "odd": "x",
                       "typical_p": 0.9, "early_stopping": true})"),
            (std::vector<std::string>{"num_beams", "max_new_tokens", "suppress_tokens", "odd",
                                      "typical_p", "early_stopping"}));
  EXPECT_TRUE(unused(R"({"bos_token_id": 1, "eos_token_id": [2], "pad_token_id": 0, "top_k": 50,
                         "do_sample": true, "transformers_version": "4.51.0", "num_beams": 1,
                         "length_penalty": 1.0, "no_repeat_ngram_size": 0, "suppress_tokens": null,
                         "early_stopping": false, "_from_model_config": true,
                         "generation_kwargs": {}, "forced_decoder_ids": []})")
                  .empty());
}

TEST_F(ModelFolder, NeedsATokenizerOnlyForText) {
  ASSERT_TRUE(files_.remove(folder_ + "/tokenizer.json"));
  ASSERT_TRUE(files_.remove(folder_ + "/tokenizer.model"));
  EXPECT_FALSE(load(folder_));
  const auto loaded = load(folder_, TokenizerNeed::optional);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded.value().tokenizer, nullptr);
  write("tokenizer.json", "{}");
  EXPECT_FALSE(load(folder_, TokenizerNeed::optional));  // a broken one is no missing one
}

TEST_F(ModelFolder, KeepsKeysAndValuesAsAskedFor) {
  const auto exact = load_model_folder(device_, files_, folder_, "auto", TokenizerNeed::required);
  EXPECT_EQ(exact.value().engine->pages().layout().format, KvFormat::f32);
  const auto rounded = load_model_folder(device_, files_, folder_, "q8", TokenizerNeed::required);
  EXPECT_EQ(rounded.value().engine->pages().layout().format, KvFormat::q8);
}

}  // namespace
}  // namespace aludel::infer
