#include "aludel/models/quantisation/quantise.h"

#include <algorithm>
#include <cmath>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/io/formats/safetensors.h"
#include "aludel/models/packed_weights.h"
#include "aludel/models/quantisation/quantise_folder.h"

namespace aludel::models {
namespace {

using tensor::DType;
using tensor::PackedFormat;
using tensor::PackedMatrix;
using tensor::Tensor;

Tensor random_matrix(std::size_t rows, std::size_t columns) {
  Tensor matrix = Tensor::empty(DType::f32, {rows, columns});
  Rng rng(21, columns);
  for (float& value : matrix.span<float>())
    value = static_cast<float>(rng.normal() * 0.02 + 0.005);
  return matrix;
}

/// What the quantised matrix means, by way of the packed one.
std::vector<float> meaning(const QuantisedTensor& quantised) {
  const PackedMatrix packed = PackedMatrix::pack(quantised.view());
  std::vector<float> values(quantised.rows * quantised.columns);
  for (std::size_t n = 0; n < quantised.rows; ++n) {
    packed.unpack_row(n, std::span(values).subspan(n * quantised.columns, quantised.columns));
  }
  return values;
}

struct Machine {
  explicit Machine(int count) : threads(count), device(threads, choose_isa("").value()) {}

  Threads threads;
  tensor::Device device;
};

TEST(Quantise, KeepsEveryWeightWithinAStepIn8Bits) {
  Machine machine(2);
  const Tensor matrix = random_matrix(40, 256);
  const QuantisedTensor quantised = quantise(machine.device, matrix, PackedFormat::q8, 64);
  const std::vector<float> values = meaning(quantised);
  double error = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float scale = tensor::to_float(quantised.scales[i / 64]);
    ASSERT_LE(std::abs(values[i] - matrix.data<float>()[i]), 0.501F * scale) << i;
    error += std::pow(double{values[i]} - double{matrix.data<float>()[i]}, 2);
  }
  EXPECT_NEAR(quantised.squared_error, error, 1e-4 * error);
}

TEST(Quantise, LosesLessIn4BitsThanPlainRounding) {
  Machine machine(2);
  const Tensor matrix = random_matrix(64, 256);
  const QuantisedTensor quantised = quantise(machine.device, matrix, PackedFormat::q4, 64);
  double plain = 0;
  for (std::size_t first = 0; first < matrix.elements(); first += 64) {
    const auto group = matrix.span<float>().subspan(first, 64);
    const auto [low, high] = std::ranges::minmax(group);
    const float scale = (high - low) / 15;
    for (const float value : group) {
      const float back = low + scale * std::nearbyint((value - low) / scale);
      plain += std::pow(double{back} - double{value}, 2);
    }
  }
  EXPECT_LT(quantised.squared_error, 0.9 * plain);
  EXPECT_GT(quantised.squared_error, 0.3 * plain);
}

TEST(Quantise, GivesTheSameBytesOnAnyThreads) {
  Machine one(1);
  Machine three(3);
  const Tensor matrix = random_matrix(33, 128);
  const QuantisedTensor a = quantise(one.device, matrix, PackedFormat::q4, 32);
  const QuantisedTensor b = quantise(three.device, matrix, PackedFormat::q4, 32);
  EXPECT_EQ(a.q, b.q);
  EXPECT_EQ(a.squared_error, b.squared_error);
}

TEST(Quantise, KeepsGroupsWithoutARange) {
  Machine machine(1);
  Tensor matrix = Tensor::zeros(DType::f32, {2, 64});
  for (std::size_t i = 64; i < 128; ++i)
    matrix.data<float>()[i] = 0.5F;
  for (const PackedFormat format : {PackedFormat::q4, PackedFormat::q8}) {
    const std::vector<float> values = meaning(quantise(machine.device, matrix, format, 64));
    EXPECT_EQ(values[0], 0.0F);
    EXPECT_EQ(values[64], 0.5F);
  }
}

/// A folder with a small random model, and one to quantise into.
class QuantiseFolder : public testing::Test {
 protected:
  void SetUp() override {
    const Json json = parse_json(R"({"architectures": ["YiForCausalLM"], "vocab_size": 96,
      "hidden_size": 64, "intermediate_size": 100, "num_hidden_layers": 2,
      "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 128,
      "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "eos_token_id": 2})")
                          .value();
    model_ = make_model(read_llama_config(json).value()).value();
    ASSERT_TRUE(write_hf_folder(files_, from_, model_, initial_weights(model_, 1), DType::f32));
    ASSERT_TRUE(io::write_file(files_, from_ + "/tokenizer.json", "{}"));
  }

  Result<QuantisationReport> run(std::string_view scheme) {
    return quantise_folder(machine_.device, files_, from_, to_, quantisation_scheme(scheme));
  }

  TemporaryFolder temporary_;
  io::LocalFileSystem files_;
  std::string from_ = temporary_.path() + "/from";
  std::string to_ = temporary_.path() + "/to";
  Machine machine_{2};
  Model model_;
};

TEST_F(QuantiseFolder, WritesAModelOfTheSameMeaning) {
  const auto report = run("q8");
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_LT(report.value().bytes_after, report.value().bytes_before / 2);
  EXPECT_EQ(report.value().kept_matrices, 2);  // down_proj: 100 columns
  EXPECT_TRUE(files_.info(to_ + "/tokenizer.json"));
  EXPECT_TRUE(files_.info(to_ + "/generation_config.json"));
  const Model again = load_model(files_, to_).value();
  const auto packed = load_packed_weights(files_, to_, again);
  ASSERT_TRUE(packed) << packed.error().message;
  const Weights exact = load_weights(files_, from_, model_, DType::f32).value();
  double difference = 0;
  double size = 0;
  for (const auto& [name, matrix] : packed.value().matrices) {
    std::vector<float> row(matrix.columns());
    for (std::size_t n = 0; n < matrix.rows(); ++n) {
      matrix.unpack_row(n, row);
      for (std::size_t k = 0; k < row.size(); ++k) {
        const double value = exact.at(name).data<float>()[n * row.size() + k];
        difference += std::pow(value - double{row[k]}, 2);
        size += value * value;
      }
    }
  }
  EXPECT_LT(std::sqrt(difference / size), 0.01);
}

TEST_F(QuantiseFolder, NamesTheParametersOfEachLayer) {
  ASSERT_TRUE(run("q4"));
  const Json config = parse_json(io::read_file(files_, to_ + "/config.json").value()).value();
  const Json& parameters = *config.find("quantization");
  EXPECT_EQ(parameters.integer_or("bits", 0), 4);
  EXPECT_EQ(parameters.find("model.embed_tokens")->integer_or("bits", 0), 8);
  EXPECT_EQ(parameters.find("lm_head")->integer_or("bits", 0), 8);
  EXPECT_FALSE(parameters.bool_or("model.layers.0.mlp.down_proj", true));
}

TEST_F(QuantiseFolder, RefusesWhatIsQuantisedAlreadyOrTheSameFolder) {
  ASSERT_TRUE(run("q4"));
  std::swap(from_, to_);
  EXPECT_EQ(run("q8").error().code, Code::invalid_argument);
  to_ = from_ + "/.";
  EXPECT_EQ(run("q8").error().code, Code::invalid_argument);
}

TEST_F(QuantiseFolder, RefusesAFolderThatHoldsTheModelOrSomethingElse) {
  const auto refused_at = [&](const std::string& to, std::string_view why) {
    to_ = to;
    const auto report = run("q4");
    return !report && report.error().code == Code::invalid_argument &&
           report.error().message.find(why) != std::string::npos &&
           report.error().message.find("give a new folder") != std::string::npos;
  };
  EXPECT_TRUE(refused_at(temporary_.path(), "the model is inside of it"));
  ASSERT_TRUE(files_.make_folders(temporary_.path() + "/run/model"));
  ASSERT_TRUE(io::write_file(files_, temporary_.path() + "/run/model/config.json", "{}"));
  EXPECT_TRUE(refused_at(temporary_.path() + "/run", "run/model/config.json is there already"));
  ASSERT_TRUE(files_.make_folders(temporary_.path() + "/notes"));
  ASSERT_TRUE(io::write_file(files_, temporary_.path() + "/notes/notes.txt", "mine"));
  EXPECT_TRUE(refused_at(temporary_.path() + "/notes/", "notes.txt is there already"));
  ASSERT_TRUE(write_hf_folder(files_, temporary_.path() + "/other", model_,
                              initial_weights(model_, 2), DType::f32));
  EXPECT_TRUE(refused_at(temporary_.path() + "/other", "not quantised"));
}

TEST_F(QuantiseFolder, WritesOverWhatItWroteBefore) {
  ASSERT_TRUE(run("q8"));
  ASSERT_TRUE(run("q4"));
  ASSERT_TRUE(files_.remove(to_ + "/config.json")) << "as after a kill: config.json comes last";
  const auto report = run("q4");
  EXPECT_TRUE(report) << report.error().message;
}

TEST_F(QuantiseFolder, IsReadWithEverySizeChecked) {
  ASSERT_TRUE(run("q4"));
  const std::string path = to_ + "/model.safetensors";
  const auto file = io::SafetensorsFile::open(files_, path).value();
  const auto load_with = [&](const auto& damage) {
    std::vector<io::TensorView> views(file.tensors().begin(), file.tensors().end());
    damage(views);
    const std::string broken = temporary_.path() + "/broken";
    EXPECT_TRUE(files_.make_folders(broken));
    EXPECT_TRUE(io::write_file(files_, broken + "/config.json",
                               io::read_file(files_, to_ + "/config.json").value()));
    EXPECT_TRUE(io::write_safetensors(files_, broken + "/model.safetensors", views));
    const auto packed = load_packed_weights(files_, broken, model_);
    return packed ? std::string("loaded") : packed.error().message;
  };
  const auto named = [](std::vector<io::TensorView>& views, std::string_view name) {
    return std::ranges::find(views, name, &io::TensorView::name);
  };
  const std::string q = "model.layers.0.self_attn.q_proj";
  EXPECT_EQ(load_with([](auto&) {}), "loaded");
  EXPECT_NE(load_with([&](auto& views) {
              views.erase(named(views, q + ".biases"));
            }).find("q_proj.biases is missing"),
            std::string::npos);
  EXPECT_NE(load_with([&](auto& views) {
              named(views, q + ".scales")->dtype = "F16";
            }).find("expected BF16"),
            std::string::npos);
  EXPECT_NE(load_with([&](auto& views) {
              auto& view = *named(views, q + ".weight");
              view.shape[1] /= 2;
              view.bytes = view.bytes.substr(0, view.bytes.size() / 2);
            }).find("4 or 8 bits"),
            std::string::npos);
  EXPECT_NE(load_with([&](auto& views) {
              auto& view = *named(views, q + ".scales");
              std::swap(view.shape[0], view.shape[1]);
            }).find("q_proj"),
            std::string::npos);
}

}  // namespace
}  // namespace aludel::models
