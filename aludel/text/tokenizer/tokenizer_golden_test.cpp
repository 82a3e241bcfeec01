// Ids that SentencePiece gave, for real vocabularies.
#include <fstream>
#include <sstream>

#include "tests/shared_data.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::int32_t> numbers_of(std::string_view text) {
  std::vector<std::int32_t> numbers;
  std::int32_t number = -1;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number = std::max(number, 0) * 10 + (c - '0');
    } else if (number >= 0) {
      numbers.push_back(number);
      number = -1;
    }
  }
  if (number >= 0) numbers.push_back(number);
  return numbers;
}

/// The texts of the kitoken set write a line feed as "\n" and a space at the end as "\s".
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool feed = text.substr(i).starts_with("\\n");
    const bool space = text.substr(i) == "\\s";
    out += feed ? '\n' : space ? ' ' : text[i];
    i += feed || space ? 1 : 0;
  }
  return out;
}

Tokenizer load(const std::string& path) {
  io::LocalFileSystem files;
  auto tokenizer = Tokenizer::load(files, path);
  EXPECT_TRUE(tokenizer) << (tokenizer ? "" : tokenizer.error().message);
  return std::move(tokenizer).value();
}

struct GoldModel {
  const char* name;
  const char* path;
};

void PrintTo(const GoldModel& model, std::ostream* out) {  // part of the test's name
  *out << model.path;
}

class GoldenTokenizer : public testing::TestWithParam<GoldModel> {};

TEST_P(GoldenTokenizer, GivesTheIdsOfSentencePiece) {
  const std::string gold = shared_data("gold/spm_ids.jsonl");
  const std::string path = shared_data(GetParam().path);
  if (gold.empty() || path.empty()) GTEST_SKIP() << "no shared data";
  const Tokenizer tokenizer = load(path);
  int texts = 0;
  for (const std::string& line : lines_of(contents(gold))) {
    const Json row = std::move(parse_json(line)).value();
    std::vector<std::int32_t> expected;
    for (const Json& id : row.find(GetParam().name)->as_array()) {
      expected.push_back(static_cast<std::int32_t>(id.as_integer()));
    }
    const std::string& text = row.find("text")->as_string();
    EXPECT_EQ(tokenizer.encode(text), expected) << text;
    EXPECT_EQ(tokenizer.decode(expected), text);
    ++texts;
  }
  EXPECT_EQ(texts, 70);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoldenTokenizer,
    testing::Values(GoldModel{"llama2", "tokenizers/llama2/tokenizer.model"},
                    GoldModel{"llama2", "tokenizers/llama2/tokenizer.json"},
                    GoldModel{"mistral01", "tokenizers/mistral01/tokenizer.model"},
                    GoldModel{"baichuan64k", "tokenizers/baichuan64k/tokenizer.model"},
                    GoldModel{"tok512", "models/stories260K/hf/tokenizer.model"}));

class GoldenKitoken : public testing::TestWithParam<GoldModel> {};

TEST_P(GoldenKitoken, GivesTheIdsOfSentencePiece) {
  const std::string name = GetParam().name;
  const std::string folder = shared_data("tokenizers/gold-kitoken");
  const std::string path = shared_data(GetParam().path);
  if (folder.empty() || path.empty()) GTEST_SKIP() << "no shared data";
  const Tokenizer tokenizer = load(path);
  const auto texts = lines_of(contents(folder + "/small_input.txt"));
  const auto ids = lines_of(contents(folder + "/small_tokens_" + name + ".txt"));
  ASSERT_EQ(texts.size(), ids.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string text = unescape(texts[i]);
    EXPECT_EQ(tokenizer.encode(text), numbers_of(ids[i])) << text;
  }
  const std::string whole = contents(folder + "/utf8_input.txt");
  EXPECT_EQ(tokenizer.encode(whole),
            numbers_of(contents(folder + "/utf8_tokens_" + name + ".txt")));
}

INSTANTIATE_TEST_SUITE_P(All, GoldenKitoken,
                         testing::Values(GoldModel{"llama2", "tokenizers/llama2/tokenizer.model"},
                                         GoldModel{"llama2", "tokenizers/llama2/tokenizer.json"},
                                         GoldModel{"mistral01",
                                                   "tokenizers/mistral01/tokenizer.model"}));

}  // namespace
}  // namespace aludel::text
