#include "aludel/curate/layers/exact_dedup/boundaries.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::curate::exact_dedup {
namespace {

/// What is cut of the text when the run between < and > is repeated.
std::string cut_of(std::string_view marked) {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
  for (const char c : marked) {
    if (c == '<') {
      begin = text.size();
    } else if (c == '>') {
      end = text.size();
    } else {
      text += c;
    }
  }
  const auto words = repeat_words(text);
  Range run{words.size(), 0};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].begin >= begin && words[i].end <= end) {
      run = {std::min(run.begin, i), i + 1};
    }
  }
  const Range snapped = snap_to_sentences(text, words, run);
  return text.substr(words[snapped.begin].begin,
                     words[snapped.end - 1].end - words[snapped.begin].begin);
}

TEST(SnapToSentences, ShrinksTheCutToWholeLines) {
  EXPECT_EQ(cut_of("a <b\nc d e f\ng h i j\nk> l"), "c d e f\ng h i j");
}

TEST(SnapToSentences, ShrinksTheCutToWholeSentences) {
  EXPECT_EQ(cut_of("One <two. Three is 3.5 of four! Five six seven eight? Nine> ten."),
            "Three is 3.5 of four! Five six seven eight?");
  EXPECT_EQ(cut_of("一<二。三四五六。七>八"), "三四五六。");
}

TEST(SnapToSentences, CutsWordsWhereNoSentenceFits) {
  EXPECT_EQ(cut_of("one two<. three, four five> six."), "three, four five");
}

TEST(RepeatWords, TakeARunOfOneSymbolAsOne) {
  EXPECT_EQ(repeat_words("a ------ b -- c").size(), 5U);
  EXPECT_EQ(repeat_words("A a").at(0).hash == repeat_words("A a").at(1).hash, false);
}

}  // namespace
}  // namespace aludel::curate::exact_dedup
