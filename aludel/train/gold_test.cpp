// Models whose values Hugging Face transformers computed in f64: logits, losses, every gradient,
// ten optimizer steps. ALUDEL_GOLD names another folder of the same form.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <numeric>

#include "generated/tensor_ops.h"
#include "tests/shared_data.h"
#include "tests/test_isa.h"
#include <gtest/gtest.h>

#include "aludel/io/formats/safetensors.h"
#include "aludel/train/adamw.h"
#include "aludel/train/batch.h"
#include "aludel/train/model_tape.h"

namespace aludel::train {
namespace {

using tensor::DType;

constexpr double kTolerance = 1e-4;  // of the tensor's largest value

std::string gold_folder() {
  const char* place = std::getenv("ALUDEL_GOLD");
  if (place != nullptr) return std::filesystem::exists(place) ? place : "";
  return shared_data("gold/hf-llama");
}

/// The tensors of one file of expected values.
class Expected {
 public:
  explicit Expected(const std::string& path)
      : file_(io::SafetensorsFile::open(files_, path).value()) {}

  template <class T>
  std::vector<T> read(std::string_view name) const {
    const io::TensorView* view = file_.find(name);
    if (view == nullptr) ADD_FAILURE() << "no " << name;
    if (view == nullptr) return {};
    std::vector<T> values(view->bytes.size() / sizeof(T));
    std::memcpy(values.data(), view->bytes.data(), values.size() * sizeof(T));
    return values;
  }

 private:
  io::LocalFileSystem files_;
  io::SafetensorsFile file_;
};

/// Largest difference, as a share of the largest expected value.
double distance(std::span<const float> actual, std::span<const float> expected) {
  EXPECT_EQ(actual.size(), expected.size());
  double difference = 0;
  double largest = 0;
  for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    const double d = std::abs(static_cast<double>(actual[i]) - static_cast<double>(expected[i]));
    difference = std::isnan(d) ? INFINITY : std::max(difference, d);
    largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
  }
  return difference / largest;
}

/// Root mean square of the differences, as a share of that of the expected values.
double root_mean_square_distance(std::span<const float> actual, std::span<const float> expected) {
  EXPECT_EQ(actual.size(), expected.size());
  double difference = 0;
  double size = 0;
  for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
    const double value = expected[i];
    difference += (actual[i] - value) * (actual[i] - value);
    size += value * value;
  }
  return std::sqrt(difference / size);
}

/// Rows of `tokens` ids, each cut into pieces of these lengths, with labels as transformers takes
/// them: it shifts them by one itself.
Batch batch_of(std::span<const std::int32_t> ids, std::span<const std::int32_t> labels,
               std::size_t row_tokens, const std::vector<std::int32_t>& pieces) {
  Batch batch;
  batch.rows = ids.size() / row_tokens;
  batch.row_tokens = row_tokens;
  batch.ids.assign(ids.begin(), ids.end());
  for (std::size_t t = 0; t < ids.size(); ++t) {
    const bool last = t % row_tokens + 1 == row_tokens;
    batch.labels.push_back(last ? kNoLabel : labels[t + 1]);
  }
  for (std::size_t row = 0; row < batch.rows; ++row) {
    for (const std::int32_t piece : pieces) {
      batch.pieces.push_back(piece);
      for (std::int32_t t = 0; t < piece; ++t) {
        batch.positions.push_back(t);
      }
    }
  }
  return batch;
}

struct Case {
  models::Model model;
  models::Weights weights;
};

Case load_case(const std::string& folder) {
  io::LocalFileSystem files;
  models::Model model = models::load_model(files, folder).value();
  models::Weights weights = models::load_weights(files, folder, model, DType::f32).value();
  return {std::move(model), std::move(weights)};
}

double gradient_norm(tensor::Device& device, std::span<const Parameter> parameters) {
  double squares = 0;
  for (const Parameter& parameter : parameters) {
    squares += *tensor::apply(device, tensor::op_sum_of_squares, {&parameter.gradient, 1})[0]
                    .data<float>();
  }
  return std::sqrt(squares);
}

std::size_t labelled(const Batch& batch) {
  return static_cast<std::size_t>(
      std::ranges::count_if(batch.labels, [](std::int32_t label) { return label >= 0; }));
}

constexpr std::size_t kRowTokens = 48;

/// Compares loss, logits and all gradients.
void expect_forward_and_gradients(const std::string& folder, Precision precision,
                                  double logits_tolerance, double gradient_tolerance) {
  SCOPED_TRACE(folder);
  Threads threads(2);
  tensor::Device device(threads, *test_isa());
  const Case gold = load_case(folder);
  TrainModel model(device, gold.model, gold.weights, precision);
  const Expected expected(folder + "/expected.safetensors");
  const Batch batch =
      batch_of(expected.read<std::int32_t>("input_ids"), expected.read<std::int32_t>("labels"),
               kRowTokens, {static_cast<std::int32_t>(kRowTokens)});
  EXPECT_LE(distance(model.logits(batch).span<float>(), expected.read<float>("logits")),
            logits_tolerance);
  const float factor = 1.0F / static_cast<float>(labelled(batch));
  model.zero_gradients();
  const BatchLoss loss = model.loss_and_gradients(batch, factor);
  const double expected_loss = expected.read<float>("loss")[0];
  EXPECT_NEAR(loss.sum / static_cast<double>(loss.tokens), expected_loss,
              logits_tolerance * expected_loss);
  EXPECT_NEAR(model.loss(batch).sum, loss.sum, 1e-6 * loss.sum);
  double worst = 0;
  for (const Parameter& parameter : model.parameters()) {
    const double off =
        distance(parameter.gradient.span<float>(), expected.read<float>("grad." + parameter.name));
    EXPECT_LE(off, gradient_tolerance) << parameter.name;
    worst = std::max(worst, off);
  }
  testing::Test::RecordProperty("worst_gradient", std::to_string(worst));
  const double norm = expected.read<float>("grad_norm")[0];
  EXPECT_NEAR(gradient_norm(device, model.parameters()), norm, gradient_tolerance * norm);
}

class TrainGolden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (gold_folder().empty()) GTEST_SKIP() << "no shared data";
    if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
    folder_ = gold_folder() + "/" + GetParam();
  }

  std::string folder_;
};

TEST_P(TrainGolden, LogitsLossAndEveryGradientAgree) {
  expect_forward_and_gradients(folder_, Precision::f32, kTolerance, kTolerance);
}

// Between ids and logits a value is rounded to bf16 at most 7 times in a block (norm, product,
// rotation, attention, norm, product, swiglu) and once before and once in the head, each time by a
// share of at most u = 2^-9; weights add one rounding per product. Independent errors add as the
// square root of their number R = 12 L + 3; four standard deviations bound the largest of a few
// thousand values. A gradient passes the way twice.
TEST_P(TrainGolden, Bf16StaysWithinItsRoundings) {
  const double roundings = 12.0 * static_cast<double>(load_case(folder_).model.config.blocks) + 3;
  const double tolerance = 4 * 0x1p-9 * std::sqrt(roundings);
  expect_forward_and_gradients(folder_, Precision::bf16, tolerance, std::sqrt(2.0) * tolerance);
}

TEST_P(TrainGolden, PackedDocumentsDoNotSeeEachOther) {
  Threads threads(2);
  tensor::Device device(threads, *test_isa());
  const Case gold = load_case(folder_);
  TrainModel model(device, gold.model, gold.weights, Precision::f32);
  const Expected expected(folder_ + "/expected.safetensors");
  const auto ids = expected.read<std::int32_t>("input_ids");
  const std::span row(ids.data(), kRowTokens);
  const Batch batch =
      batch_of(row, row, kRowTokens, expected.read<std::int32_t>("packed.document_lengths"));
  EXPECT_LE(distance(model.logits(batch).span<float>(), expected.read<float>("packed.logits")),
            kTolerance);
}

// lr 3e-3, betas .9 .95, clip 1, decay 0.1 on matrices.
TEST_P(TrainGolden, TenAdamWStepsAgree) {
  Threads threads(2);
  tensor::Device device(threads, *test_isa());
  const Case gold = load_case(folder_);
  TrainModel model(device, gold.model, gold.weights, Precision::f32);
  const Expected expected(folder_ + "/adamw10.safetensors");
  const auto batches = expected.read<std::int32_t>("batches");
  const auto losses = expected.read<float>("losses");
  const auto norms = expected.read<float>("grad_norms");
  AdamW optimizer(device, AdamWConfig{}, model.parameters());
  const std::size_t batch_ids = batches.size() / losses.size();
  for (std::size_t step = 0; step < losses.size(); ++step) {
    const std::span ids = std::span(batches).subspan(step * batch_ids, batch_ids);
    const Batch batch = batch_of(ids, ids, kRowTokens, {static_cast<std::int32_t>(kRowTokens)});
    model.zero_gradients();
    const BatchLoss loss =
        model.loss_and_gradients(batch, 1.0F / static_cast<float>(labelled(batch)));
    EXPECT_NEAR(loss.sum / static_cast<double>(loss.tokens), losses[step], kTolerance) << step;
    EXPECT_NEAR(optimizer.step(3e-3), norms[step], kTolerance * norms[step]) << step;
    model.weights_changed();
  }
  // AdamW divides by the size of the gradient: where that is no more than rounding, an element may
  // go the other way, by up to 2 lr a step. So the weights agree as a whole, not each element.
  constexpr double kWeightTolerance = 1e-3;
  for (const Parameter& parameter : model.parameters()) {
    EXPECT_LE(root_mean_square_distance(parameter.value.span<float>(),
                                        expected.read<float>("final." + parameter.name)),
              kWeightTolerance)
        << parameter.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Models, TrainGolden,
                         testing::Values("gqa-untied", "mha-tied", "gqa-headdim"));

class RopeScalingGolden : public testing::TestWithParam<const char*> {};

TEST_P(RopeScalingGolden, LogitsAgreeInBothFormsOfTheConfig) {
  const std::string gold = gold_folder();
  if (gold.empty()) GTEST_SKIP() << "no shared data";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  Threads threads(2);
  tensor::Device device(threads, *test_isa());
  const Case base = load_case(gold + "/gqa-headdim");
  io::LocalFileSystem files;
  const std::string folder = gold + "/" + GetParam();
  const Expected expected(folder + "/expected.safetensors");
  const auto ids = expected.read<std::int32_t>("input_ids");
  const Batch batch = batch_of(ids, ids, ids.size(), {static_cast<std::int32_t>(ids.size())});
  for (const char* name : {"/config.json", "/config.v5.json"}) {
    const Json json = parse_json(io::read_file(files, folder + name).value()).value();
    const models::Model model = models::make_model(models::read_llama_config(json).value()).value();
    TrainModel train(device, model, base.weights, Precision::f32);
    EXPECT_LE(distance(train.logits(batch).span<float>(), expected.read<float>("logits")),
              kTolerance)
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Scalings, RopeScalingGolden,
                         testing::Values("rope-linear4", "rope-dynamic2", "rope-yarn4",
                                         "rope-llama3"));

TEST(StoriesGolden, LogitsAgreeWithLlama2C) {
  const std::string folder = shared_data("models/stories260K/hf");
  const std::string gold = shared_data("gold/stories260K.logits.f32");
  if (folder.empty() || gold.empty()) GTEST_SKIP() << "no shared data";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  Threads threads(2);
  tensor::Device device(threads, *test_isa());
  const Case stories = load_case(folder);
  TrainModel model(device, stories.model, stories.weights, Precision::f32);
  io::LocalFileSystem files;
  const Json description =
      parse_json(io::read_file(files, shared_data("gold/stories260K.logits.json")).value()).value();
  const std::string bytes = io::read_file(files, gold).value();
  for (const Json& item : description.find("items")->as_array()) {
    std::vector<std::int32_t> ids;
    for (const Json& id : item.find("tokens")->as_array()) {
      ids.push_back(static_cast<std::int32_t>(id.as_integer()));
    }
    const auto offset = static_cast<std::size_t>(item.integer_or("offset", 0));
    std::vector<float> expected(ids.size() * stories.model.config.vocabulary);
    ASSERT_LE(offset + expected.size() * sizeof(float), bytes.size());
    std::memcpy(expected.data(), bytes.data() + offset, expected.size() * sizeof(float));
    const Batch batch = batch_of(ids, ids, ids.size(), {static_cast<std::int32_t>(ids.size())});
    EXPECT_LE(distance(model.logits(batch).span<float>(), expected), kTolerance);
  }
}

}  // namespace
}  // namespace aludel::train
