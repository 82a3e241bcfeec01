#include "aludel/safety/sentences.h"

#include <gtest/gtest.h>

namespace aludel::safety {
namespace {

TEST(Sentences, AreCutWithTheSpaceAfterThem) {
  std::string text = "One. Two 2.5 two! 三。四？\nFive";
  const std::vector<LexiconHit> hits = {{text.find("Two"), text.find("Two") + 3, 0, {}, 1},
                                        {text.find("四"), text.find("四") + 3, 0, {}, 1}};
  EXPECT_EQ(remove_sentences(text, hits), 2);
  EXPECT_EQ(text, "One. 三。\nFive");
}

TEST(Sentences, CoverATextWithoutGaps) {
  const std::string_view text = "\nOne.  Two 2.5\n\n三。 four";
  std::string joined;
  std::size_t count = 0;
  for (const auto [begin, end] : sentences_of(text)) {
    joined += text.substr(begin, end - begin);
    ++count;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(count, 7U);
  EXPECT_TRUE(sentences_of("").empty());
}

}  // namespace
}  // namespace aludel::safety
