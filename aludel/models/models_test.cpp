#include <algorithm>
#include <cmath>
#include <functional>

#include "generated/tensor_ops.h"
#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/formats/safetensors.h"
#include "aludel/models/weights.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::Tensor;

Json small_config() {
  return parse_json(R"({"architectures": ["YiForCausalLM"], "vocab_size": 40, "hidden_size": 16,
    "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 128, "rms_norm_eps": 1e-5,
    "rope_theta": 5000000.0, "bos_token_id": 1, "eos_token_id": [2, 7]})")
      .value();
}

Model small_model() {
  return make_model(read_llama_config(small_config()).value()).value();
}

TEST(ModelConfig, ReadsSizesAndStopIds) {
  const ModelConfig config = read_llama_config(small_config()).value();
  EXPECT_EQ(config.head_size, 4U);
  EXPECT_EQ(config.kv_heads, 2U);
  EXPECT_EQ(config.rope.theta, 5e6);
  EXPECT_EQ(config.end_ids, (std::vector<std::int32_t>{2, 7}));
  EXPECT_EQ(config.parameter_count(),
            2U * 40 * 16 + 2 * (16 * 16 * 2 + 16 * 8 * 2 + 3 * 16 * 24 + 2 * 16) + 16);
}

TEST(ModelConfig, CountsTheParametersOfYi6bAsPublished) {
  ModelConfig config;
  config.vocabulary = 64000;
  config.width = 4096;
  config.inner_width = 11008;
  config.blocks = 32;
  config.heads = 32;
  config.kv_heads = 4;
  config.head_size = 128;
  EXPECT_EQ(config.parameter_count(), 6061035520U);
}

TEST(ModelConfig, RejectsWhatItCannotCompute) {
  const auto code_with = [](std::string_view key, const Json& value) {
    Json json = small_config();
    json[key] = value;
    const auto config = read_llama_config(json);
    return config ? std::string("accepted") : config.error().message;
  };
  EXPECT_NE(code_with("hidden_size", -1).find("hidden_size is -1"), std::string::npos);
  EXPECT_NE(code_with("vocab_size", "many").find("vocab_size"), std::string::npos);
  EXPECT_NE(code_with("num_key_value_heads", 3).find("multiple"), std::string::npos);
  EXPECT_NE(code_with("attention_bias", true).find("attention_bias is true"), std::string::npos);
  EXPECT_NE(code_with("hidden_act", "gelu").find("gelu"), std::string::npos);
  EXPECT_NE(code_with("rope_theta", 0).find("rope"), std::string::npos);
  EXPECT_EQ(code_with("num_key_value_heads", Json()), "accepted");
}

TEST(ModelConfig, RefusesByNameEachMemberThatAsksForAnotherComputation) {
  const auto message_with = [](std::string_view key, std::string_view value) {
    Json json = small_config();
    json[key] = parse_json(value).value();
    const auto config = read_llama_config(json);
    return config ? std::string("accepted") : config.error().message;
  };
  const std::pair<const char*, const char*> refused[] = {
      {"mlp_bias", "true"},
      {"hidden_act", "7"},
      {"model_type", R"("mistral")"},
      {"sliding_window", "64"},
      {"attention_chunk_size", "32"},
      {"layer_types", R"(["full_attention", "sliding_attention"])"},
      {"final_logit_softcapping", "30.0"},
      {"attn_logit_softcapping", "50.0"},
      {"logits_scaling", "8"},
      {"embedding_multiplier", "12.0"},
      {"residual_multiplier", "0.22"},
      {"num_local_experts", "8"},
      {"qk_norm", "true"},
      {"partial_rotary_factor", R"("half")"},
      {"position_embedding_type", R"("alibi")"},
      {"attention_bias", R"("yes")"},
      {"quantization_config", R"({"quant_method": "gptq", "bits": 4})"},
      {"quantization_config", R"({"bits": 4, "group_size": 64})"},
      {"quantization_config", R"("fp8")"},
  };
  for (const auto& [key, value] : refused) {
    EXPECT_NE(message_with(key, value).find(std::string(key) + " is "), std::string::npos)
        << key << ": " << message_with(key, value);
  }
  const std::pair<const char*, const char*> accepted[] = {
      {"mlp_bias", "false"},      {"hidden_act", R"("swish")"},
      {"hidden_act", "null"},     {"model_type", R"("Yi")"},
      {"sliding_window", "null"}, {"sliding_window", "4096"},
      {"logits_scaling", "1.0"},  {"layer_types", R"(["full_attention"])"},
      {"num_local_experts", "1"}, {"partial_rotary_factor", "1.0"},
      {"pretraining_tp", "2"},    {"attention_dropout", "0.1"},
      {"use_cache", "true"},      {"auto_map", R"({"AutoModel": "modeling_yi.YiModel"})"},
  };
  for (const auto& [key, value] : accepted) {
    EXPECT_EQ(message_with(key, value), "accepted") << key;
  }
  Json ours = small_config();
  ours["quantization"] = parse_json(R"({"bits": 4, "group_size": 64})").value();
  ours["quantization_config"] = *ours.find("quantization");
  EXPECT_TRUE(read_llama_config(ours));
  ours["quantization_config"]["quant_method"] = "awq";
  EXPECT_FALSE(read_llama_config(ours));
  Json unused = small_config();
  unused["sliding_window"] = 64;
  unused["use_sliding_window"] = false;
  EXPECT_TRUE(read_llama_config(unused));
}

TEST(ModelConfig, SurvivesBeingWritten) {
  for (const char* scaling : {R"(null)", R"({"rope_type": "linear", "factor": 4.0})",
                              R"({"type": "dynamic", "factor": 2.0})",
                              R"({"rope_type": "yarn", "factor": 4.0,
                                  "original_max_position_embeddings": 64, "beta_fast": 16})",
                              R"({"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                  "high_freq_factor": 4.0,
                                  "original_max_position_embeddings": 64})"}) {
    Json json = small_config();
    json["rope_scaling"] = parse_json(scaling).value();
    const ModelConfig config = read_llama_config(json).value();
    const Json written = write_llama_config(config, "float32");
    const ModelConfig again = read_llama_config(written).value();
    EXPECT_EQ(write_llama_config(again, "float32"), written) << scaling;
    EXPECT_EQ(again.rope.scaling, config.rope.scaling);
    EXPECT_EQ(again.rope.original_positions, config.rope.original_positions);
    EXPECT_EQ(rope_frequencies(again.rope, 32, 200).inverse,
              rope_frequencies(config.rope, 32, 200).inverse);
  }
}

TEST(Model, NamesTheFamilyByItsArchitecture) {
  EXPECT_EQ(small_model().family->name, "yi");
  ModelConfig config = small_model().config;
  config.architecture = "MambaForCausalLM";
  EXPECT_EQ(make_model(config).error().code, Code::unsupported);
}

TEST(Model, DescribesItsBlockOverNamedWeights) {
  const Model model = small_model();
  const auto weights = model.description.weights(model.config);
  EXPECT_EQ(weights.size(), 2U * 9 + 3);
  std::size_t parameters = 0;
  for (const WeightInfo& weight : weights) {
    parameters += weight.shape.elements();
  }
  EXPECT_EQ(parameters, model.config.parameter_count());
  const Program& block = model.description.block;
  EXPECT_EQ(block.steps().back().op, &tensor::op_add);
  EXPECT_TRUE(block.in_residual_stream(block.value_count() - 1));
  EXPECT_FALSE(block.in_residual_stream(1));  // the norm's output
}

TEST(Weights, AreWrittenAsAHuggingFaceFolderAndReadBack) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const Model model = small_model();
  const Weights weights = initial_weights(model, 7);
  ASSERT_TRUE(write_hf_folder(files, folder.path(), model, weights, DType::f32));
  const Model again = load_model(files, folder.path()).value();
  EXPECT_EQ(again.config.end_ids, model.config.end_ids);
  const Weights read = load_weights(files, folder.path(), again, DType::f32).value();
  ASSERT_EQ(read.all().size(), weights.all().size());
  for (const auto& [name, weight] : weights.all()) {
    EXPECT_TRUE(std::ranges::equal(read.at(name).span<float>(), weight.span<float>())) << name;
  }
}

TEST(Weights, AreDrawnNarrowerForAWiderModel) {
  const Model model = small_model();
  const Weights weights = initial_weights(model, 7);
  double squares = 0;
  std::size_t count = 0;
  for (const auto& [name, weight] : weights.all()) {
    if (weight.shape().rank() != 2) continue;
    for (const float value : weight.span<float>()) {
      squares += static_cast<double>(value) * value;
    }
    count += weight.span<float>().size();
  }
  const double expected = 2.0 / (5.0 * static_cast<double>(model.config.width));
  EXPECT_NEAR(squares / static_cast<double>(count), expected, 0.05 * expected);
}

TEST(Weights, AreRoundedOnceToBf16) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const Model model = small_model();
  const Weights weights = initial_weights(model, 7);
  ASSERT_TRUE(write_hf_folder(files, folder.path(), model, weights, DType::bf16));
  const Weights read = load_weights(files, folder.path(), model, DType::bf16).value();
  EXPECT_EQ(read.at("model.norm.weight").dtype(), DType::f32);
  const std::string name = block_weight_name(1, "mlp.up_proj.weight");
  const auto expected = weights.at(name).span<float>();
  const auto actual = read.at(name).span<tensor::Bf16>();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(actual[i].bits, tensor::to_bf16(expected[i]).bits);
  }
}

/// Writes the small model's weights under changed names or shapes.
std::string load_error(const std::function<void(std::vector<io::TensorView>&)>& change) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const Model model = small_model();
  const Weights weights = initial_weights(model, 7);
  EXPECT_TRUE(write_hf_folder(files, folder.path(), model, weights, DType::f32));
  const std::string path = io::join_path(folder.path(), "model.safetensors");
  std::vector<io::TensorView> views;
  {
    const auto file = io::SafetensorsFile::open(files, path);
    for (const io::TensorView& view : file.value().tensors()) {
      views.push_back(view);
    }
    change(views);
    EXPECT_TRUE(io::write_safetensors(files, path + ".new", views));
  }
  EXPECT_TRUE(files.rename(path + ".new", path));
  const auto read = load_weights(files, folder.path(), model, DType::f32);
  return read ? "" : read.error().message;
}

void rename_all(std::vector<io::TensorView>& views, std::string_view from, std::string_view to) {
  for (io::TensorView& view : views) {
    const std::size_t at = view.name.find(from);
    if (at != std::string::npos) view.name.replace(at, from.size(), to);
  }
}

TEST(Weights, GoByTheNamesOfTheFirstYiCheckpointsToo) {
  EXPECT_EQ(load_error([](std::vector<io::TensorView>& views) {
              rename_all(views, "input_layernorm", "ln1");
              rename_all(views, "post_attention_layernorm", "ln2");
            }),
            "");
}

TEST(Weights, OfAnotherModelAreRefused) {
  EXPECT_NE(load_error([](std::vector<io::TensorView>& views) {
              views.pop_back();
            }).find("model.norm.weight is missing"),
            std::string::npos);
  EXPECT_NE(load_error([](std::vector<io::TensorView>& views) {
              rename_all(views, "layers.1.mlp.up_proj", "layers.1.mlp.sideways");
            }).find("unknown weight model.layers.1.mlp.sideways.weight"),
            std::string::npos);
  EXPECT_NE(load_error([](std::vector<io::TensorView>& views) {
              views.back().shape = {2, 8};
            }).find("has shape [2, 8], config.json makes it [16]"),
            std::string::npos);
  EXPECT_NE(load_error([](std::vector<io::TensorView>& views) {
              views.back().dtype = "I32";
            }).find("is I32"),
            std::string::npos);
}

TEST(Weights, AreReadFromShards) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const Model model = small_model();
  const Weights weights = initial_weights(model, 7);
  ASSERT_TRUE(write_hf_folder(files, folder.path(), model, weights, DType::f32));
  const std::string path = io::join_path(folder.path(), "model.safetensors");
  Json map = Json::object();
  {
    const auto file = io::SafetensorsFile::open(files, path);
    const auto views = file.value().tensors();
    for (const int part : {0, 1}) {
      const std::string name = "model-" + std::to_string(part) + ".safetensors";
      std::vector<io::TensorView> shard;
      for (std::size_t i = static_cast<std::size_t>(part); i < views.size(); i += 2) {
        shard.push_back(views[i]);
        map[views[i].name] = name;
      }
      ASSERT_TRUE(io::write_safetensors(files, io::join_path(folder.path(), name), shard));
    }
  }
  Json index = Json::object();
  index["weight_map"] = map;
  ASSERT_TRUE(files.remove(path));
  ASSERT_TRUE(io::write_file(files, path + ".index.json", index.dump()));
  const Weights read = load_weights(files, folder.path(), model, DType::f32).value();
  EXPECT_EQ(read.all().size(), weights.all().size());
}

TEST(Rope, TurnsPositionZeroByNothingAndKeepsLengths) {
  const RopeConfig config{.theta = 10000.0};
  const Tensor cosines = Tensor::zeros(DType::f32, {2, 4});
  const Tensor sines = Tensor::zeros(DType::f32, {2, 4});
  const std::vector<std::int32_t> positions{0, 3};
  write_rope_angles(rope_frequencies(config, 8, 4), positions, cosines, sines);
  for (std::size_t d = 0; d < 4; ++d) {
    EXPECT_EQ(cosines.data<float>()[d], 1.0F);
    EXPECT_EQ(sines.data<float>()[d], 0.0F);
    EXPECT_NEAR(cosines.data<float>()[4 + d], std::cos(3 * std::pow(10.0, -double(d))), 1e-6);
    EXPECT_NEAR(sines.data<float>()[4 + d], std::sin(3 * std::pow(10.0, -double(d))), 1e-6);
  }
}

}  // namespace
}  // namespace aludel::models
