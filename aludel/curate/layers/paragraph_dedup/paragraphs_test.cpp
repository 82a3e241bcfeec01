#include "aludel/curate/layers/paragraph_dedup/paragraphs.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate::paragraph_dedup {
namespace {

std::vector<std::string> texts_of(std::string_view text) {
  std::vector<std::string> texts;
  for (const Paragraph& paragraph : split_paragraphs(text)) {
    texts.emplace_back(text.substr(paragraph.begin, paragraph.end - paragraph.begin));
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Paragraphs, AreLinesWhereThereAreNoBlankLines) {
  EXPECT_EQ(texts_of("one\ntwo\n\n"), (Texts{"one", "two"}));
  EXPECT_EQ(texts_of("\n\none\ntwo"), (Texts{"one", "two"}));
}

TEST(Paragraphs, AreBlocksBetweenBlankLines) {
  EXPECT_EQ(texts_of("a wrapped\nline\n\nnext\n \t\nlast\n"),
            (Texts{"a wrapped\nline", "next", "last"}));
}

TEST(Paragraphs, OfAnEmptyTextAreNone) {
  EXPECT_TRUE(split_paragraphs("").empty());
  EXPECT_TRUE(split_paragraphs("\n \n").empty());
}

TEST(Paragraphs, HaveHashesOfTheirWords) {
  const auto paragraphs = split_paragraphs("Hello, World!\nhello  world\nhello word\n你好。");
  ASSERT_EQ(paragraphs.size(), 4U);
  EXPECT_EQ(paragraphs[0].hash, paragraphs[1].hash);
  EXPECT_NE(paragraphs[1].hash, paragraphs[2].hash);
  EXPECT_EQ(paragraphs[0].words, 2U);
  EXPECT_EQ(paragraphs[3].words, 2U);
}

}  // namespace
}  // namespace aludel::curate::paragraph_dedup
