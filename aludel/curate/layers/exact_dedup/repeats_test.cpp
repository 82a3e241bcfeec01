#include "aludel/curate/layers/exact_dedup/repeats.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/layers/exact_dedup/boundaries.h"

namespace aludel::curate::exact_dedup {
namespace {

using Words = std::vector<std::uint64_t>;

WordSequences corpus_of(const std::vector<Words>& documents) {
  WordSequences corpus;
  for (const Words& words : documents) {
    corpus.add(words);
  }
  return corpus;
}

std::vector<std::vector<Range>> repeats(const std::vector<Words>& documents, std::size_t length) {
  return find_repeats(corpus_of(documents), length, std::vector<bool>(documents.size(), false));
}

Words letters(std::string_view text) {
  return {text.begin(), text.end()};
}

/// The words that any repeated window covers, by comparing every window with every earlier one.
std::vector<std::vector<Range>> brute_force(const std::vector<Words>& documents,
                                            std::size_t length) {
  struct Window {
    std::size_t document, begin;
  };

  std::vector<Window> earlier;
  std::vector<std::vector<Range>> cuts(documents.size());
  const auto same = [&](const Window& a, const Window& b) {
    for (std::size_t i = 0; i < length; ++i) {
      if (documents[a.document][a.begin + i] != documents[b.document][b.begin + i]) return false;
    }
    return true;
  };
  for (std::size_t d = 0; d < documents.size(); ++d) {
    std::vector<bool> covered(documents[d].size() + 1, false);
    for (std::size_t i = 0; i + length <= documents[d].size(); ++i) {
      const Window window{d, i};
      const auto first =
          std::ranges::find_if(earlier, [&](const Window& other) { return same(other, window); });
      if (first == earlier.end()) {
        earlier.push_back(window);
      } else if (first->document < d || first->begin + length <= i) {
        std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(i), length, true);
      }
    }
    for (std::size_t i = 0; i < documents[d].size(); ++i) {
      if (!covered[i]) continue;
      if (i > 0 && covered[i - 1]) {
        cuts[d].back().end = i + 1;
      } else {
        cuts[d].push_back({i, i + 1});
      }
    }
  }
  return cuts;
}

TEST(Repeats, CutTheLaterOfTwoEqualRuns) {
  const auto cuts = repeats({letters("xabcdy"), letters("pqabcdr"), letters("abcxyz")}, 3);
  EXPECT_EQ(cuts, (std::vector<std::vector<Range>>{{}, {{2, 6}}, {{0, 3}}}));
}

TEST(Repeats, KeepTheFirstOfRunsThatOverlapThemselves) {
  EXPECT_EQ(repeats({letters("aaaaaaa")}, 3), (std::vector<std::vector<Range>>{{{3, 7}}}));
  EXPECT_EQ(repeats({letters("abcabcab")}, 3), (std::vector<std::vector<Range>>{{{3, 8}}}));
}

TEST(Repeats, DoNotCrossDocuments) {
  EXPECT_EQ(repeats({letters("ab"), letters("cab"), letters("c")}, 3),
            (std::vector<std::vector<Range>>(3)));
}

TEST(Repeats, DoNotLookAtSkippedDocuments) {
  const std::vector<Words> documents = {letters("abcd"), letters("abcd"), letters("abcd")};
  const auto cuts = find_repeats(corpus_of(documents), 4, {true, false, false});
  EXPECT_EQ(cuts, (std::vector<std::vector<Range>>{{}, {}, {{0, 4}}}));
}

TEST(Repeats, EqualBruteForce) {
  for (std::uint64_t item = 0; item < 200; ++item) {
    Rng rng(1, item);
    std::vector<Words> documents(1 + rng.below(5));
    const std::uint64_t alphabet = 2 + rng.below(4);
    for (Words& words : documents) {
      words.resize(rng.below(60));
      for (std::uint64_t& word : words) {
        word = rng.below(alphabet);
      }
    }
    const std::size_t length = 2 + rng.below(8);
    EXPECT_EQ(repeats(documents, length), brute_force(documents, length)) << item;
  }
}

/// Text of a few words of both scripts, in which runs of 40 to 90 words come back.
std::vector<std::string> repetitive_texts(std::uint64_t item) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"tree ", "blue ", "naïve ", "of ", "The ", "数", "据", "é ", ", ", "。", "\n", "x1 "});
  Rng rng(3, item);
  std::vector<std::string> runs(3);
  const auto append_words = [&](std::string& text, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      text += kWords.at(rng.below(kWords.size()));
    }
  };
  for (std::string& run : runs) {
    append_words(run, 40 + rng.below(80));
  }
  std::vector<std::string> texts(1 + rng.below(4));
  for (std::string& text : texts) {
    for (std::uint64_t i = 0, parts = rng.below(5); i < parts; ++i) {
      append_words(text, rng.below(40));
      text += runs[rng.below(runs.size())];
    }
  }
  return texts;
}

// What the layer is held to: 50 words or more, compared here as they are spelt.
TEST(Repeats, OfTextsEqualBruteForceOnTheirSpelling) {
  std::size_t cut_words = 0;
  for (std::uint64_t item = 0; item < 60; ++item) {
    std::map<std::string, std::uint64_t> spellings;
    std::vector<Words> hashes;
    std::vector<Words> spelt;
    for (const std::string& text : repetitive_texts(item)) {
      hashes.emplace_back();
      spelt.emplace_back();
      for (const text::Word& word : repeat_words(text)) {
        EXPECT_EQ(utf8_boundary(text, word.begin), word.begin);
        EXPECT_EQ(utf8_boundary(text, word.end), word.end);
        std::string spelling = text.substr(word.begin, word.end - word.begin);
        if (word.kind == text::WordKind::symbol) {  // a run of one symbol counts as one
          spelling.resize(decode_utf8(spelling, 0).size_bytes);
        }
        hashes.back().push_back(word.hash);
        spelt.back().push_back(spellings.try_emplace(spelling, spellings.size()).first->second);
      }
    }
    const auto cuts = repeats(hashes, 50);
    EXPECT_EQ(cuts, brute_force(spelt, 50)) << item;
    for (const auto& document : cuts) {
      for (const Range& cut : document) {
        EXPECT_GE(cut.end - cut.begin, 50U);
        cut_words += cut.end - cut.begin;
      }
    }
  }
  EXPECT_GT(cut_words, 1000U) << "the texts hold repeats";
}

TEST(Repeats, AreTheSameForAnySplitIntoShards) {
  const std::vector<Words> documents = {letters("hello world"), letters("say hello wor"),
                                        letters("ello world")};
  WordSequences first = corpus_of({documents[0]});
  first.merge(corpus_of({documents[1], documents[2]}));
  EXPECT_EQ(find_repeats(first, 4, {false, false, false}), repeats(documents, 4));
}

TEST(Repeats, TakeLinearTimeOnBoilerplate) {
  std::vector<Words> documents;
  for (std::uint64_t d = 0; d < 4'000; ++d) {
    Words words(200, d);
    std::ranges::fill_n(words.begin(), 100, 7);  // one word over and over
    for (std::size_t i = 100; i < 180; ++i) {
      words[i] = i;  // the same footer everywhere
    }
    documents.push_back(words);
  }
  const double started = now_seconds();
  const auto cuts = repeats(documents, 50);
  EXPECT_LT(now_seconds() - started, 5);
  EXPECT_EQ(cuts[0], (std::vector<Range>{{50, 100}}));
  EXPECT_EQ(cuts[3999], (std::vector<Range>{{0, 180}}));
}

}  // namespace
}  // namespace aludel::curate::exact_dedup
