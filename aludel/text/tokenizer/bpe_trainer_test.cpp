#include "aludel/text/tokenizer/bpe_trainer.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/text/tokenizer/merge_corpus.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::text {
namespace {

using Texts = std::vector<std::string>;

Texts words_of(std::string_view text) {
  Texts words;
  for_each_training_word(text, [&words](std::string_view word) { words.emplace_back(word); });
  return words;
}

WordCounts counts_of(std::string_view text) {
  WordCounts counts;
  counts.add_text(text);
  return counts;
}

Texts merges_of(const WordCounts& words, std::size_t limit) {
  MergeCorpus corpus(words, 16, 2);
  Texts merges;
  while (merges.size() < limit && corpus.best_count() > 0) {
    if (auto text = corpus.merge_best()) merges.push_back(*text);
  }
  return merges;
}

/// Byte-pair training as it reads: every pair counted anew for each merge.
class SlowTrainer {
 public:
  explicit SlowTrainer(const WordCounts& words) {
    std::map<std::string, std::uint64_t> characters;
    for (const auto& [word, count] : words.counts()) {
      auto& [symbols, symbol_count] = words_.emplace_back();
      symbol_count = count;
      for (std::size_t at = 0; at < word.size();) {
        const std::size_t size = decode_utf8(word, at).size_bytes;
        symbols.push_back(word.substr(at, size));
        characters[symbols.back()] += count;
        at += size;
      }
    }
    std::vector<std::pair<std::string, std::uint64_t>> sorted(characters.begin(), characters.end());
    std::ranges::stable_sort(sorted, std::ranges::greater(),
                             [](const auto& c) { return c.second; });
    for (const auto& [text, count] : sorted) {
      order_.emplace(text, order_.size());
    }
  }

  Texts merges(std::size_t limit) {
    Texts merges;
    while (merges.size() < limit) {
      const std::string text = best_text();
      if (text.empty()) break;
      if (order_.emplace(text, order_.size()).second) merges.push_back(text);
      for (auto& [symbols, count] : words_) {
        for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
          if (symbols[i] + symbols[i + 1] != text) continue;
          symbols[i] = text;
          symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
      }
    }
    return merges;
  }

 private:
  std::string best_text() {
    std::map<std::pair<std::string, std::string>, std::uint64_t> pairs;
    for (const auto& [symbols, count] : words_) {
      for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
        if (symbols[i].size() + symbols[i + 1].size() <= 16) {
          pairs[{symbols[i], symbols[i + 1]}] += count;
        }
      }
    }
    std::string best;
    std::tuple<std::int64_t, std::size_t, std::size_t> best_key = {-1, 0, 0};  // the least wins
    for (const auto& [pair, count] : pairs) {
      const std::tuple key = {-static_cast<std::int64_t>(count), order_[pair.first],
                              order_[pair.second]};
      if (count < 2 || key >= best_key) continue;
      best_key = key;
      best = pair.first + pair.second;
    }
    return best;
  }

  std::vector<std::pair<Texts, std::uint64_t>> words_;
  std::map<std::string, std::size_t> order_;
};

TEST(TrainingWords, CutAtScriptsDigitsLinesAndSpaces) {
  EXPECT_EQ(words_of("the cat's  12"), (Texts{"the", " cat", "'", "s", "  ", "1", "2"}));
  EXPECT_EQ(words_of("a   b\n  "), (Texts{"a", "  ", " b", "  "}));
  EXPECT_EQ(words_of("漢字かなカーnaïve，。"), (Texts{"漢字かなカー", "naïve", "，。"}));
  EXPECT_EQ(words_of(" 中文１x"), (Texts{" 中文", "１", "x"}));
  EXPECT_EQ(words_of("a\xFF"
                     "b▁c\r\n"),
            (Texts{"a", "b", "c"}));
  EXPECT_TRUE(words_of("").empty());
}

TEST(MergeCorpus, LearnsThePublishedExample) {  // Sennrich et al. 2016, section 3.2
  std::string text;
  for (const auto& [word, count] :
       std::map<std::string, int>{{"low", 5}, {"lower", 2}, {"newest", 6}, {"widest", 3}}) {
    for (int i = 0; i < count; ++i) {
      text += word + "\n";
    }
  }
  EXPECT_EQ(merges_of(counts_of(text), 7),
            (Texts{"es", "est", "lo", "low", "ew", "new", "newest"}));
}

TEST(MergeCorpus, AgreesWithTheSlowTrainer) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    Rng rng(3, round);
    std::string text;
    for (int i = 0; i < 400; ++i) {
      text += "aaab c\n"[rng.below(7)];
    }
    const WordCounts words = counts_of(text);
    EXPECT_EQ(merges_of(words, 60), SlowTrainer(words).merges(60)) << text;
  }
}

TEST(BpeTrainer, GivesTheSameBytesForAnyDivisionOfTheTexts) {
  const Texts texts = {"the cat sat on the mat\n", "the dog and the cat\n", "我们的猫和我们的狗\n"};
  WordCounts whole;
  WordCounts backwards;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    whole.add_text(texts[i]);
    WordCounts part;
    part.add_text(texts[texts.size() - 1 - i]);
    backwards.merge(part);
  }
  BpeTrainerConfig config;
  config.vocab_size = 400;
  EXPECT_EQ(write_sentencepiece(train_bpe(whole, config).value()),
            write_sentencepiece(train_bpe(backwards, config).value()));
  EXPECT_EQ(whole.bytes(), backwards.bytes());
}

TEST(BpeTrainer, PutsSpecialsAndBytesWhereYiHasThem) {
  BpeTrainerConfig config;
  config.vocab_size = 400;
  const auto model = train_bpe(counts_of("low lower lowest"), config);
  ASSERT_TRUE(model) << model.error().message;
  const auto tokenizer = Tokenizer::make(model.value());
  const std::map<std::string, std::int32_t> expected = {
      {"<unk>", 0},      {"<|startoftext|>", 1}, {"<|endoftext|>", 2}, {"<|im_start|>", 6},
      {"<|im_end|>", 7}, {"<|im_sep|>", 8},      {"<0x00>", 9},        {"<0xFF>", 264}};
  for (const auto& [piece, id] : expected) {
    EXPECT_EQ(tokenizer.value().id_of(piece), id) << piece;
  }
  EXPECT_EQ(tokenizer.value().begin_id(), 1);
  EXPECT_EQ(tokenizer.value().end_id(), 2);
  EXPECT_TRUE(tokenizer.value().is_special(7));
}

TEST(BpeTrainer, KeepsDigitsSingleAndPiecesShort) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += "1234 1234 abcdefghijklmnopqrstuvwxyz\n";
  }
  BpeTrainerConfig config;
  config.vocab_size = 500;
  const auto model = train_bpe(counts_of(text), config);
  ASSERT_TRUE(model) << model.error().message;
  for (std::size_t id = 265; id < model.value().pieces.size(); ++id) {
    const std::string& piece = model.value().pieces[id].text;
    EXPECT_LE(count_code_points(piece), 16U) << piece;
    const bool has_digit = piece.find_first_of("0123456789") != std::string::npos;
    EXPECT_TRUE(!has_digit || piece.size() == 1) << piece;
  }
  EXPECT_LT(model.value().pieces.size(), 500U);  // this text has no more pairs
}

TEST(BpeTrainer, LeavesRareCharactersToTheirBytes) {
  std::string text = "龘";
  for (int i = 0; i < 30; ++i) {
    text += "中文很好\n";
  }
  BpeTrainerConfig config;
  config.vocab_size = 400;
  const auto tokenizer = Tokenizer::make(train_bpe(counts_of(text), config).value());
  EXPECT_FALSE(tokenizer.value().id_of("龘").has_value());
  EXPECT_EQ(tokenizer.value().encode("中文很好").size(), 1U);
  EXPECT_EQ(tokenizer.value().encode("龘").size(), 3U);
  EXPECT_EQ(tokenizer.value().decode(tokenizer.value().encode("龘中")), "龘中");
}

TEST(BpeTrainer, RefusesAVocabularyWithoutRoom) {
  BpeTrainerConfig config;
  config.vocab_size = 300;
  EXPECT_EQ(train_bpe(counts_of("a"), config).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::text
