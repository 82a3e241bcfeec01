#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "tests/gold.h"
#include "tests/test_isa.h"
#include <gtest/gtest.h>

#include "aludel/infer/engine.h"
#include "aludel/infer/sampler.h"
#include "aludel/io/formats/safetensors.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::infer {
namespace {

struct Loaded {
  Threads threads{2};
  tensor::Device device{threads, *test_isa()};
  std::unique_ptr<Engine> engine;
};

std::unique_ptr<Loaded> load(const std::string& config_folder, const std::string& weights_folder,
                             KvFormat kv = KvFormat::f32) {
  io::LocalFileSystem files;
  auto loaded = std::make_unique<Loaded>();
  auto model = models::load_model(files, config_folder);
  EXPECT_TRUE(model) << model.error().message;
  auto weights = models::load_packed_weights(files, weights_folder, model.value());
  EXPECT_TRUE(weights) << weights.error().message;
  loaded->engine = std::make_unique<Engine>(loaded->device, std::move(model).value(),
                                            std::move(weights).value(), kv);
  return loaded;
}

template <class T>
std::vector<T> elements(const io::SafetensorsFile& file, std::string_view name) {
  const io::TensorView* view = file.find(name);
  EXPECT_NE(view, nullptr) << name;
  std::vector<T> values(view->bytes.size() / sizeof(T));
  std::memcpy(values.data(), view->bytes.data(), view->bytes.size());
  return values;
}

std::vector<float> logits_of(Engine& engine, std::span<const std::int32_t> ids) {
  const auto sequence = engine.new_sequence();
  const ModelInput input{sequence.get(), ids, LogitsFor::every_token};
  const auto logits = engine.run(std::span(&input, 1));
  return {logits.begin(), logits.end()};
}

/// Largest difference, relative to the largest of the expected values.
double relative_error(std::span<const float> got, std::span<const float> expected) {
  EXPECT_EQ(got.size(), expected.size());
  double largest = 0;
  double difference = 0;
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    largest = std::max(largest, std::abs(double{expected[i]}));
    difference = std::max(difference, std::abs(double{got[i]} - expected[i]));
  }
  return difference / largest;
}

class GoldenEngine : public testing::TestWithParam<const char*> {};

TEST_P(GoldenEngine, GivesTheLogitsOfTransformers) {
  const std::string gold = gold_folder();
  if (gold.empty()) GTEST_SKIP() << "no golden values";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  const std::string folder = gold + "/" + GetParam();
  const std::string weights =
      std::string(GetParam()).starts_with("rope") ? gold + "/gqa-headdim" : folder;
  io::LocalFileSystem files;
  const auto expected = io::SafetensorsFile::open(files, folder + "/expected.safetensors");
  ASSERT_TRUE(expected) << expected.error().message;
  const auto ids = elements<std::int32_t>(expected.value(), "input_ids");
  const auto logits = elements<float>(expected.value(), "logits");
  const auto rows = static_cast<std::size_t>(expected.value().find("input_ids")->shape[0]);
  const auto loaded = load(folder, weights);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto share = std::span(ids).subspan(row * ids.size() / rows, ids.size() / rows);
    const auto wanted = std::span(logits).subspan(row * logits.size() / rows, logits.size() / rows);
    EXPECT_LT(relative_error(logits_of(*loaded->engine, share), wanted), 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenEngine,
                         testing::Values("gqa-untied", "mha-tied", "gqa-headdim", "rope-linear4",
                                         "rope-dynamic2", "rope-yarn4", "rope-llama3"),
                         [](const auto& model) {
                           std::string name = model.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(GoldenPackedDocuments, AreTextsOfTheirOwnToTheEngine) {
  const std::string gold = gold_folder();
  if (gold.empty()) GTEST_SKIP() << "no golden values";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  io::LocalFileSystem files;
  for (const char* name : {"gqa-untied", "mha-tied", "gqa-headdim"}) {
    SCOPED_TRACE(name);
    const std::string folder = gold + "/" + name;
    const auto expected = io::SafetensorsFile::open(files, folder + "/expected.safetensors");
    ASSERT_TRUE(expected) << expected.error().message;
    const auto ids = elements<std::int32_t>(expected.value(), "input_ids");
    const auto logits = elements<float>(expected.value(), "packed.logits");
    const auto lengths = elements<std::int32_t>(expected.value(), "packed.document_lengths");
    const auto loaded = load(folder, folder);
    std::vector<std::unique_ptr<SequenceCache>> sequences;
    std::vector<ModelInput> inputs;
    std::size_t first = 0;
    for (const std::int32_t length : lengths) {
      const auto count = static_cast<std::size_t>(length);
      sequences.push_back(loaded->engine->new_sequence());
      inputs.push_back(
          {sequences.back().get(), std::span(ids).subspan(first, count), LogitsFor::every_token});
      first += count;
    }
    EXPECT_LT(relative_error(loaded->engine->run(inputs), logits), 1e-4);
  }
}

TEST(GoldenStories, HasTheLogitsAndTheTextOfLlama2c) {
  const std::string folder = shared_data("models/stories260K/hf");
  const std::string gold = shared_data("gold/stories260K.logits.f32");
  if (folder.empty() || gold.empty()) GTEST_SKIP() << "no shared data";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  io::LocalFileSystem files;
  const std::string bytes = io::read_file(files, gold).value();
  std::vector<float> logits(bytes.size() / sizeof(float));
  std::memcpy(logits.data(), bytes.data(), bytes.size());
  const Json facts =
      parse_json(io::read_file(files, shared_data("gold/stories260K.logits.json")).value()).value();
  const auto ids_of = [](const Json& list) {
    std::vector<std::int32_t> ids;
    for (const Json& id : list.as_array())
      ids.push_back(static_cast<std::int32_t>(id.as_integer()));
    return ids;
  };
  const auto loaded = load(folder, folder);
  for (const Json& item : facts.find("items")->as_array()) {
    const std::vector<std::int32_t> ids = ids_of(*item.find("tokens"));
    const auto offset = static_cast<std::size_t>(item.integer_or("offset", 0));
    EXPECT_LT(relative_error(logits_of(*loaded->engine, ids),
                             std::span(logits).subspan(offset, ids.size() * 512)),
              1e-4);
    const std::vector<std::int32_t> wanted = ids_of(*item.find("greedy_after_text"));
    const auto sequence = loaded->engine->new_sequence();
    std::vector<std::int32_t> text = ids;
    Sampler sampler;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto fresh = std::span(text).subspan(static_cast<std::size_t>(sequence->length()));
      const ModelInput input{sequence.get(), fresh, LogitsFor::last_token};
      text.push_back(
          sampler.draw(loaded->engine->run(std::span(&input, 1)), {}, {.temperature = 0}, 0)
              .value());
    }
    EXPECT_EQ(std::vector(text.begin() + static_cast<std::ptrdiff_t>(ids.size()), text.end()),
              wanted);
  }
}

/// As llama.cpp's perplexity tool measures it: chunks of 256 tokens that begin with BOS, the second
/// half of each scored.
TEST(GoldenStories, HasThePerplexityOfLlamaCpp) {
  const std::string folder = shared_data("models/stories260K/hf");
  const std::string text_path = shared_data("gold/llamacpp_ppl.txt");
  if (folder.empty() || text_path.empty()) GTEST_SKIP() << "no shared data";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  io::LocalFileSystem files;
  const Json facts =
      parse_json(io::read_file(files, shared_data("gold/llamacpp_ppl.json")).value()).value();
  const Json& expected = *facts.find("results")->find("f32");
  const auto tokenizer = text::Tokenizer::load(files, folder).value();
  std::vector<std::int32_t> ids = tokenizer.encode(io::read_file(files, text_path).value());
  ids.insert(ids.begin(), 1);
  const auto loaded = load(folder, folder);
  double sum = 0;
  std::size_t count = 0;
  constexpr std::size_t kChunk = 256;
  for (std::size_t begin = 0; begin + kChunk <= ids.size(); begin += kChunk) {
    std::vector<std::int32_t> chunk(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                    ids.begin() + static_cast<std::ptrdiff_t>(begin + kChunk));
    chunk[0] = 1;
    const std::vector<float> logits = logits_of(*loaded->engine, chunk);
    for (std::size_t t = kChunk / 2; t + 1 < kChunk; ++t) {
      const auto row = std::span(logits).subspan(t * 512, 512);
      sum += log_sum_exp(row) - row[static_cast<std::size_t>(chunk[t + 1])];
      ++count;
    }
  }
  EXPECT_EQ(count / (kChunk / 2 - 1), static_cast<std::size_t>(expected.integer_or("chunks", 0)));
  const double perplexity = std::exp(sum / static_cast<double>(count));
  EXPECT_NEAR(perplexity, expected.number_or("ppl", 0), 0.005);  // llama.cpp keeps K and V in f16
}

TEST(GoldenStories, BarelyNoticesKeysAndValuesInEightBits) {
  const std::string folder = shared_data("models/stories260K/hf");
  if (folder.empty()) GTEST_SKIP() << "no shared data";
  if (!test_isa()) GTEST_SKIP() << "this CPU lacks ALUDEL_ISA";
  io::LocalFileSystem files;
  const Json facts =
      parse_json(io::read_file(files, shared_data("gold/stories260K.logits.json")).value()).value();
  std::vector<std::int32_t> ids;
  const Json& item = facts.find("items")->as_array().at(0);
  for (const char* part : {"tokens", "greedy_after_text"}) {
    for (const Json& id : item.find(part)->as_array()) {
      ids.push_back(static_cast<std::int32_t>(id.as_integer()));
    }
  }
  const auto loss = [&](KvFormat kv) {
    const auto loaded = load(folder, folder, kv);
    const std::vector<float> logits = logits_of(*loaded->engine, ids);
    double sum = 0;
    for (std::size_t t = 0; t + 1 < ids.size(); ++t) {
      const auto row = std::span(logits).subspan(t * 512, 512);
      sum += log_sum_exp(row) - row[static_cast<std::size_t>(ids[t + 1])];
    }
    return sum / static_cast<double>(ids.size() - 1);
  };
  const double exact = loss(KvFormat::f32);
  EXPECT_NEAR(loss(KvFormat::q8), exact, 0.01);
}

}  // namespace
}  // namespace aludel::infer
