#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/shared_data.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/text/language/fasttext_model.h"

namespace aludel::text {
namespace {

std::string lid_bytes() {
  const std::string path = shared_data("models/lid.176.ftz");
  if (path.empty()) return "";
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Bytes of a small model file, written as fastText lays it out.
class ModelBytes {
 public:
  template <class T>
  ModelBytes& add(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }

  ModelBytes& entry(std::string_view word, std::int64_t count, bool is_label) {
    bytes_.append(word).push_back('\0');
    return add(count).add(static_cast<std::int8_t>(is_label ? 1 : 0));
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

struct SmallModel {
  std::int32_t version = 12;
  std::int32_t loss = 3;
  std::int32_t word_ngrams = 1;
  std::int32_t buckets = 0;
  std::int32_t max_characters = 0;
  std::int64_t rows = 3;
  std::int64_t kept = -1;
};

// Words "</s>", "red", "blue"; labels "warm" and "cold"; 2 numbers a row.
std::string small_model(const SmallModel& model) {
  ModelBytes file;
  file.add(std::int32_t{793712314}).add(model.version);
  for (const std::int32_t field : {2, 5, 5, 1, 5, model.word_ngrams, model.loss, 3, model.buckets,
                                   2, model.max_characters, 100}) {
    file.add(field);
  }
  file.add(1e-4);
  file.add(std::int32_t{5}).add(std::int32_t{3}).add(std::int32_t{2});
  file.add(std::int64_t{100}).add(model.kept);
  file.entry("</s>", 10, false).entry("red", 6, false).entry("blue", 4, false);
  file.entry("__label__warm", 6, true).entry("__label__cold", 4, true);
  file.add(std::uint8_t{0}).add(model.rows).add(std::int64_t{2});
  const float rows[][2] = {{0, 0}, {3, 0}, {0, 3}};
  for (std::int64_t i = 0; i < model.rows; ++i) {
    const float* row = rows[std::min<std::int64_t>(i, 2)];
    file.add(row[0]).add(row[1]);
  }
  file.add(std::uint8_t{0}).add(std::int64_t{2}).add(std::int64_t{2});
  for (const float value : {1.0F, 0.0F, 0.0F, 1.0F}) {
    file.add(value);
  }
  return file.bytes();
}

TEST(FastTextModel, GivesTheProbabilitiesOfFastText) {
  const std::string bytes = lid_bytes();
  const std::string gold = shared_data("gold/lid176_top3.jsonl");
  if (bytes.empty() || gold.empty()) GTEST_SKIP() << "no shared data";
  const auto model = FastTextModel::from_bytes(bytes);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model.value().labels().size(), 176U);
  std::ifstream file(gold);
  int lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row);
    const Json::Array& top = row.value().find("top3")->as_array();
    const auto predictions = model.value().predict(row.value().string_or("text", ""), 3);
    ASSERT_EQ(predictions.size(), 3U) << line;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(predictions[i].label, top[i].as_array()[0].as_string()) << line;
      const double expected = top[i].as_array()[1].as_number();
      EXPECT_NEAR(predictions[i].probability, expected, 1e-4) << line;
    }
  }
  EXPECT_EQ(lines, 129);
}

TEST(FastTextModel, ReadsEveryLoss) {
  // The mean of "red" and the line's end is (1.5, 0).
  SmallModel small;
  auto model = FastTextModel::from_bytes(small_model(small));
  ASSERT_TRUE(model) << model.error().message;
  auto found = model.value().predict("red", 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].label, "warm");
  EXPECT_NEAR(found[0].probability, std::exp(1.5) / (std::exp(1.5) + 1), 1e-4);
  EXPECT_NEAR(found[1].probability, 1 / (std::exp(1.5) + 1), 1e-4);
  EXPECT_EQ(model.value().predict("blue", 1)[0].label, "cold");

  for (const std::int32_t loss : {2, 4}) {  // independent sigmoids, in steps of 1/32
    small.loss = loss;
    model = FastTextModel::from_bytes(small_model(small));
    ASSERT_TRUE(model);
    found = model.value().predict("red", 2);
    EXPECT_EQ(found[0].label, "warm");
    EXPECT_NEAR(found[0].probability, 1 / (1 + std::exp(-1.5)), 1e-4);
    EXPECT_NEAR(found[1].probability, 0.5, 1e-4);
  }
  small.loss = 1;  // one node: the rarer label is on its left
  model = FastTextModel::from_bytes(small_model(small));
  ASSERT_TRUE(model);
  found = model.value().predict("red", 2);
  EXPECT_EQ(found[0].label, "warm");
  EXPECT_NEAR(found[0].probability, 1 / (1 + std::exp(-1.5)), 1e-4);
}

TEST(FastTextModel, HasNothingToSayOfWordsItDoesNotKnow) {
  const auto model = FastTextModel::from_bytes(small_model({}));
  ASSERT_TRUE(model);
  const auto unknown = model.value().predict("green", 2);  // the line's end alone
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_NEAR(unknown[0].probability, 0.5, 1e-4);
  EXPECT_TRUE(model.value().predict("red", 0).empty());
  // Words are parted by any white space, and labels in a text do not count.
  const float plain = model.value().predict("red blue red", 1)[0].probability;
  EXPECT_EQ(model.value().predict("\tred\nblue \n\n red __label__cold\r\n", 1)[0].probability,
            plain);
}

TEST(FastTextModel, RefusesDamagedFiles) {
  const auto code_of = [](const SmallModel& small) {
    const auto model = FastTextModel::from_bytes(small_model(small));
    return model ? Code{} : model.error().code;
  };
  EXPECT_FALSE(FastTextModel::from_bytes(""));
  EXPECT_EQ(code_of({.version = 13}), Code::unsupported);
  EXPECT_EQ(code_of({.loss = 5}), Code::unsupported);
  EXPECT_EQ(code_of({.word_ngrams = 2, .buckets = 0}), Code::corrupt_data);
  EXPECT_EQ(code_of({.word_ngrams = 2, .buckets = 7, .rows = 5}), Code::corrupt_data);
  EXPECT_TRUE(FastTextModel::from_bytes(small_model({.word_ngrams = 2, .buckets = 7, .rows = 10})));
  EXPECT_EQ(code_of({.rows = 2}), Code::corrupt_data);
  EXPECT_EQ(code_of({.kept = 0}), Code::corrupt_data);  // pruned, but not quantised
  EXPECT_EQ(code_of({.kept = std::int64_t{1} << 62}), Code::corrupt_data);
  const std::string whole = small_model({});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(FastTextModel::from_bytes(std::string_view(whole).substr(0, size))) << size;
  }
}

TEST(FastTextModel, RefusesACutQuantisedFile) {
  const std::string bytes = lid_bytes();
  if (bytes.empty()) GTEST_SKIP() << "no shared data";
  for (std::size_t size = 0; size < bytes.size(); size += 4999) {
    EXPECT_FALSE(FastTextModel::from_bytes(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST(FastTextHash, SignsItsBytes) {
  EXPECT_EQ(fasttext_hash(""), 2166136261U);
  EXPECT_EQ(fasttext_hash("a"), 0xE40C292CU);  // FNV-1a of "a", from its authors' test vectors
  const std::uint32_t high = (2166136261U ^ 0xFFFFFFC3U) * 16777619U;
  EXPECT_EQ(fasttext_hash("\xC3"), high);
}

}  // namespace
}  // namespace aludel::text
