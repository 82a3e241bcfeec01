#include "aludel/planted/grammar.h"

#include <set>

#include <gtest/gtest.h>

namespace aludel::planted {
namespace {

TEST(Grammar, ExpandsSymbolsAndNumbers) {
  const Grammar grammar(
      "# comment\n@s\nthe {animal} has {3-4} {part}s {keep}\n@animal\ncat\n@part\npaw\n");
  Rng random(1, 2);
  const std::string sentence = grammar.write("s", random);
  EXPECT_TRUE(sentence == "The cat has 3 paws {keep}" || sentence == "The cat has 4 paws {keep}")
      << sentence;
  EXPECT_TRUE(grammar.has("animal"));
  EXPECT_FALSE(grammar.has("keep"));
}

TEST(Grammar, BeginsManySentencesDifferently) {
  Rng random(1, 2);
  const auto sentences = Grammar::named("ads").write_many("en", 20, random);
  EXPECT_EQ(std::set<std::string>(sentences.begin(), sentences.end()).size(), 20U);
  for (const std::string& sentence : sentences) {
    EXPECT_EQ(sentence.find('{'), std::string::npos) << sentence;
  }
}

TEST(Grammar, IsTheSameForTheSameSeed) {
  Rng first(5, 1);
  Rng again(5, 1);
  Rng other(5, 2);
  const Grammar& ads = Grammar::named("ads");
  const std::string text = ads.write("zh", first);
  EXPECT_EQ(text, ads.write("zh", again));
  EXPECT_NE(text, ads.write("zh", other));
}

TEST(Grammar, EveryGrammarOfTheProgramIsComplete) {
  Rng random(3, 3);
  for (const char* name : {"ads", "low_quality", "unsafe"}) {
    for (const char* language : {"en", "zh"}) {
      for (int i = 0; i < 200; ++i) {
        const std::string text =
            replace_all(Grammar::named(name).write(language, random), "{phrase}", "");
        EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
      }
    }
  }
}

}  // namespace
}  // namespace aludel::planted
