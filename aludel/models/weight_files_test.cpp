#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <limits>

#include "tests/faulty_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/formats/safetensors.h"
#include "aludel/models/packed_weights.h"
#include "aludel/models/quantisation/quantise_folder.h"
#include "aludel/models/weights.h"

namespace aludel::models {
namespace {

using tensor::DType;

Model tiny_model() {
  const Json json = parse_json(R"({"architectures": ["LlamaForCausalLM"], "vocab_size": 40,
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
    "max_position_embeddings": 64})")
                        .value();
  return make_model(read_llama_config(json).value()).value();
}

/// A folder whose tensors lie in shards 0 and 1, by turns.
class WeightShards : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_hf_folder(files_, folder_.path(), model_, weights_, DType::f32));
    const auto whole = io::SafetensorsFile::open(files_, path("model.safetensors"));
    for (std::size_t i = 0; i < whole.value().tensors().size(); ++i) {
      const io::TensorView& view = whole.value().tensors()[i];
      bytes_.emplace_back(view.bytes);
      parts_[i % 2].push_back(view);
      parts_[i % 2].back().bytes = bytes_.back();
      where_[view.name] = shard_name(i % 2);
    }
    ASSERT_TRUE(files_.remove(path("model.safetensors")));
  }

  static std::string shard_name(std::size_t part) {
    return "model-" + std::to_string(part) + ".safetensors";
  }

  std::string path(const std::string& name) const { return io::join_path(folder_.path(), name); }

  void write() {
    for (const std::size_t part : {0U, 1U}) {
      ASSERT_TRUE(io::write_safetensors(files_, path(shard_name(part)), parts_[part]));
    }
    Json index = Json::object();
    index["weight_map"] = where_;
    ASSERT_TRUE(io::write_file(files_, path("model.safetensors.index.json"), index.dump()));
  }

  /// Puts a tensor of zeros of that name into a shard; the index stays as it is.
  void add_stale(std::size_t part, const std::string& name) {
    const auto info = std::ranges::find(all(), name, &WeightInfo::name);
    const tensor::Shape shape = weights_.at(name).shape();
    io::TensorView view{name, "F32", {}, {}};
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
      view.shape.push_back(static_cast<std::int64_t>(shape[axis]));
    }
    bytes_.emplace_back(weights_.at(name).bytes(), '\0');
    view.bytes = bytes_.back();
    parts_[part].push_back(view);
    ASSERT_NE(info, all().end());
  }

  const std::vector<WeightInfo>& all() {
    if (infos_.empty()) infos_ = model_.description.weights(model_.config);
    return infos_;
  }

  std::string load_error() {
    const auto read = load_weights(files_, folder_.path(), model_, DType::f32);
    return read ? "" : read.error().message;
  }

  void expect_the_right_weights() {
    const auto read = load_weights(files_, folder_.path(), model_, DType::f32);
    ASSERT_TRUE(read) << read.error().message;
    for (const auto& [name, weight] : weights_.all()) {
      EXPECT_TRUE(std::ranges::equal(read.value().at(name).span<float>(), weight.span<float>()))
          << name;
    }
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  Model model_ = tiny_model();
  Weights weights_ = initial_weights(model_, 3);
  std::deque<std::string> bytes_;
  std::vector<io::TensorView> parts_[2];
  Json where_ = Json::object();
  std::vector<WeightInfo> infos_;
};

TEST_F(WeightShards, GiveTheTensorOfTheFileThatTheIndexNames) {
  std::vector<std::string> names;
  for (const std::size_t part : {0U, 1U})
    names.push_back(parts_[part].front().name);
  for (const std::size_t part : {0U, 1U})
    add_stale(1 - part, names[part]);  // a left-over before and one behind the right one
  write();
  expect_the_right_weights();
}

TEST_F(WeightShards, MayHoldTensorsThatTheIndexDoesNotName) {
  parts_[1].push_back(parts_[0].front());
  parts_[1].back().name = "model.layers.7.left.over";
  write();
  expect_the_right_weights();
}

TEST_F(WeightShards, GiveWayToAWholeFile) {
  ASSERT_TRUE(write_hf_folder(files_, folder_.path(), model_, weights_, DType::f32));
  for (const auto& [name, file] : where_.as_object())
    where_[name] = "gone.safetensors";
  Json index = Json::object();
  index["weight_map"] = where_;
  ASSERT_TRUE(io::write_file(files_, path("model.safetensors.index.json"), index.dump()));
  expect_the_right_weights();
}

TEST_F(WeightShards, AreNotReadInPlaceOfAWholeFileThatCannotBeLookedAt) {
  write();
  ASSERT_TRUE(write_hf_folder(files_, folder_.path(), model_, weights_, DType::f32));
  FaultyFileSystem faulty(files_);
  ASSERT_TRUE(load_weights(faulty, folder_.path(), model_, DType::f32));
  for (const std::uint64_t operation : faulty.spread(FaultyFileSystem::kAll)) {
    faulty.fail_at(operation);
    const auto loaded = load_weights(faulty, folder_.path(), model_, DType::f32);
    ASSERT_FALSE(loaded) << operation;
    EXPECT_EQ(loaded.error().code, Code::io_error) << loaded.error().message;
  }
}

TEST_F(WeightShards, AreRefusedByNameWhereOneOrATensorOfItIsMissing) {
  const std::string lost = parts_[1].back().name;
  parts_[1].pop_back();
  write();
  EXPECT_NE(load_error().find(lost + " is not in model-1.safetensors"), std::string::npos)
      << load_error();
  ASSERT_TRUE(files_.remove(path(shard_name(1))));
  EXPECT_NE(load_error().find("model-1.safetensors"), std::string::npos) << load_error();
}

TEST_F(WeightShards, MayNotLeaveTheFolderAndSayWhichPathDoes) {
  for (const char* file : {"../model-0.safetensors", "/etc/passwd", "sub/model-0.safetensors"}) {
    where_["lm_head.weight"] = file;
    write();
    EXPECT_NE(load_error().find("the file for lm_head.weight is '" + std::string(file) +
                                "', which leads out of the folder"),
              std::string::npos)
        << load_error();
  }
  for (const Json& file : {Json(), Json(""), Json(7)}) {
    where_["lm_head.weight"] = file;
    write();
    EXPECT_NE(load_error().find("no file for lm_head.weight"), std::string::npos) << load_error();
  }
}

TEST_F(WeightShards, MayNotGiveOneWeightUnderTwoNames) {
  const std::string norm = "model.layers.0.input_layernorm.weight";
  const std::string alias = "model.layers.0.ln1.weight";
  add_stale(0, norm);
  parts_[0].back().name = alias;
  where_[alias] = shard_name(0);
  write();
  EXPECT_NE(load_error().find(alias), std::string::npos) << load_error();
  EXPECT_NE(load_error().find(norm), std::string::npos) << load_error();
}

TEST_F(WeightShards, MayRepeatATiedTableAsAHeadButNotContradictIt) {
  const std::string table = "model.embed_tokens.weight";
  Model tied = model_;
  tied.config.tied_embeddings = true;
  tied = make_model(tied.config).value();
  const auto load = [&](const std::function<void(io::TensorView&)>& change) {
    std::vector<io::TensorView> views;
    for (const auto& part : parts_) {
      for (const io::TensorView& view : part) {
        if (view.name != "lm_head.weight") views.push_back(view);
      }
    }
    io::TensorView head = *std::ranges::find(views, table, &io::TensorView::name);
    head.name = "lm_head.weight";
    change(head);
    views.push_back(head);
    EXPECT_TRUE(io::write_safetensors(files_, path("model.safetensors"), views));
    const auto packed = load_packed_weights(files_, folder_.path(), tied);
    const auto read = load_weights(files_, folder_.path(), tied, DType::f32);
    EXPECT_EQ(packed.has_value(), read.has_value());
    return read ? "loaded" : read.error().message;
  };
  EXPECT_EQ(load([](io::TensorView&) {}), "loaded");
  std::string other(bytes_.front());
  const auto expect_refused = [](const std::string& said) {
    for (const char* part : {"lm_head.weight", "embed_tokens", "tie_word_embeddings"}) {
      EXPECT_NE(said.find(part), std::string::npos) << said;
    }
  };
  expect_refused(load([&](io::TensorView& head) {
    other = head.bytes;
    other[5] ^= 1;
    head.bytes = other;
  }));
  expect_refused(load([&](io::TensorView& head) {
    head.dtype = "F16";
    head.bytes = head.bytes.substr(0, head.bytes.size() / 2);
  }));
  expect_refused(load([&](io::TensorView& head) {
    head.shape[0] = 1;
    head.bytes = head.bytes.substr(0, 32 * sizeof(float));
  }));
}

TEST_F(WeightShards, MayHoldBuffersOfRotaryAngles) {
  parts_[1].push_back({"model.layers.0.self_attn.rotary_emb.inv_freq", "F32", {8}, {}});
  parts_[1].back().bytes = std::string_view(bytes_.front()).substr(0, 32);
  where_[parts_[1].back().name] = shard_name(1);
  write();
  expect_the_right_weights();
}

/// Quantises the tiny model and overwrites the first value of a tensor.
std::string load_with_damage(std::string_view scheme, std::string_view tensor, float value) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  Threads threads(1);
  tensor::Device device(threads, Isa::scalar);
  const Model model = tiny_model();
  const std::string from = folder.path() + "/from";
  const std::string to = folder.path() + "/to";
  EXPECT_TRUE(write_hf_folder(files, from, model, initial_weights(model, 3), DType::f32));
  EXPECT_TRUE(quantise_folder(device, files, from, to, quantisation_scheme(scheme)));
  const std::string path = to + "/model.safetensors";
  std::string bytes = io::read_file(files, path).value();
  {
    const auto file = io::SafetensorsFile::open(files, path);
    const io::TensorView* view = file.value().find(tensor);
    EXPECT_NE(view, nullptr) << tensor;
    std::size_t at = bytes.find(view->bytes);
    const tensor::Bf16 damage = tensor::to_bf16(value);
    if (view->dtype == "BF16") {
      std::memcpy(bytes.data() + at, &damage, sizeof damage);
    } else {
      std::memcpy(bytes.data() + at, &value, sizeof value);
    }
  }
  EXPECT_TRUE(io::write_file(files, path, bytes));
  const auto loaded = load_packed_weights(files, to, model);
  return loaded ? "loaded" : loaded.error().message;
}

TEST(PackedWeights, RefuseScalesThatAreNotFiniteOrFarOutOfRange) {
  const float inf = std::numeric_limits<float>::infinity();
  for (const char* scheme : {"q8", "q4"}) {
    for (const float damage : {std::nanf(""), inf, -inf, 3e38F, -2e30F}) {
      for (const char* name : {"model.embed_tokens.scales", "model.layers.0.mlp.up_proj.biases",
                               "model.layers.0.self_attn.q_proj.scales"}) {
        const std::string said = load_with_damage(scheme, name, damage);
        EXPECT_NE(said.find(name), std::string::npos) << damage << ": " << said;
      }
    }
  }
  EXPECT_EQ(load_with_damage("q8", "model.embed_tokens.scales", -1e20F), "loaded");
  EXPECT_NE(load_with_damage("q8", "model.norm.weight", inf).find("norm.weight holds values"),
            std::string::npos);
}

}  // namespace
}  // namespace aludel::models
