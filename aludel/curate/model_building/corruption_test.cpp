#include "aludel/curate/model_building/corruption.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/model_building/config.h"
#include "aludel/text/words.h"

namespace aludel::curate {
namespace {

const std::vector<std::string> kPassages = {
    "The quick brown fox jumps over the lazy dog. Then it sleeps in the sun.\nEvening comes "
    "slowly.",
    "我们在家里学习中文，天气很好。明天我们去公园。",
    "A package is installed with a command. Its files are listed by another one."};

std::string corrupted(std::string_view name, std::size_t at, std::uint64_t seed) {
  Rng random(seed, at);
  return corruption_named(name).corrupt({kPassages, at}, random);
}

std::vector<std::uint64_t> sorted_words(const std::string& text) {
  auto words = text::word_hashes(text);
  std::ranges::sort(words);
  return words;
}

TEST(Corruption, IsTheSameForTheSameSeedAndStaysUtf8) {
  for (const Corruption& corruption : all_corruptions()) {
    for (std::size_t at = 0; at < kPassages.size(); ++at) {
      const std::string text = corrupted(corruption.name, at, 1);
      EXPECT_EQ(text, corrupted(corruption.name, at, 1)) << corruption.name;
      EXPECT_NE(text, corrupted(corruption.name, at, 2)) << corruption.name;
      EXPECT_NE(text, kPassages[at]) << corruption.name;
      EXPECT_TRUE(is_valid_utf8(text)) << corruption.name;
      EXPECT_FALSE(text.empty()) << corruption.name;
    }
  }
}

TEST(Corruption, OfAnEmptyPassageEnds) {
  const std::vector<std::string> empty = {""};
  for (const Corruption& corruption : all_corruptions()) {
    Rng random(1, 1);
    EXPECT_TRUE(corruption.corrupt({empty, 0}, random).empty()) << corruption.name;
  }
}

TEST(Corruption, ShufflesTheSameWords) {
  for (std::size_t at = 0; at < kPassages.size(); ++at) {
    EXPECT_EQ(sorted_words(corrupted("shuffled_words", at, 3)), sorted_words(kPassages[at]));
  }
}

TEST(Corruption, StuffsFewWords) {
  auto words = sorted_words(corrupted("keyword_stuffing", 0, 3));
  const std::size_t all = words.size();
  words.erase(std::unique(words.begin(), words.end()), words.end());
  EXPECT_LT(words.size(), all);
}

TEST(Corruption, HasANearestName) {
  ModelsConfig config;
  const Status missing = set_field(fields_of(config), "corruptions", "menu,shuffled_word");
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().message.ends_with("did you mean 'shuffled_words'?"))
      << missing.error().message;
}

}  // namespace
}  // namespace aludel::curate
