#include "aludel/text/ngram_lm/text_lm.h"

#include <cmath>

#include "tests/memory_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/arpa_reader.h"
#include "aludel/text/ngram_lm/string_writer.h"
#include "aludel/text/ngram_lm/text_units.h"

namespace aludel::text {
namespace {

constexpr LineMarks kTestMarks = {7, 8};

std::vector<std::size_t> units_by_line(std::string_view text) {
  std::vector<std::size_t> units;
  for (const std::uint64_t unit : lines_of_units(text, text_units(text), kTestMarks)) {
    if (unit == kTestMarks.begin) {
      units.push_back(0);
    } else if (unit != kTestMarks.end) {
      ++units.back();
    }
  }
  return units;
}

std::vector<std::uint64_t> hashes_of(std::string_view line) {
  std::vector<std::uint64_t> all;
  for (const TextUnit& unit : text_units(line)) {
    all.push_back(unit.hash);
  }
  return all;
}

/// What training makes of texts, in a folder of its own.
class TextLm : public testing::Test {
 protected:
  NgramModel train(const std::vector<std::string>& texts, TextLmSettings settings,
                   int thread_count = 1) {
    Threads threads(thread_count);
    settings.work_folder = folder_ / "work";
    auto trainer = TextLmTrainer::create(files_, threads, settings);
    EXPECT_TRUE(trainer);
    for (const std::string& text : texts) {
      EXPECT_TRUE(trainer.value().add_text(text));
    }
    const Status trained = trainer.value().train(folder_ / "model");
    EXPECT_TRUE(trained) << (trained ? "" : trained.error().message);
    late_units_ = trainer.value().late_units();
    auto model = NgramModel::load(files_, folder_ / "model");
    EXPECT_TRUE(model) << (model ? "" : model.error().message);
    return std::move(model).value();
  }

  NgramModel train(const std::vector<std::string>& texts, int order) {
    TextLmSettings settings;
    settings.order = order;
    settings.precision = NgramPrecision::exact;
    return train(texts, settings);
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  std::uint64_t late_units_ = 0;
};

const std::vector<std::string> kTexts = {
    "The cat sat on the mat.\nThe dog sat on the log.", "The cat and the dog sat.",
    "我们的猫在家。\n我们的狗不在家。", "In 1999 the cat was 10 years old."};

/// Texts of words and Chinese letters that follow each other more or less by chance.
std::vector<std::string> random_texts(std::uint64_t seed, int count) {
  Rng random(41, seed);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    std::string text;
    for (int word = 0; word < 200; ++word) {
      const auto letter = static_cast<char>('a' + random.below(1 + random.below(26)));
      text += letter;
      text += static_cast<char>('a' + static_cast<int>(letter) % 5);
      text += random.below(12) == 0 ? ".\n" : random.below(9) == 0 ? " 的 " : " ";
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(TextUnits, AreWordsWithoutCaseCodePointsAndSymbols) {
  EXPECT_EQ(units_by_line("The cat.\n\n  \n我们 ok"), (std::vector<std::size_t>{3, 3}));
  EXPECT_EQ(units_by_line("\n \n"), (std::vector<std::size_t>{}));
  EXPECT_EQ(hashes_of("The CAT"), hashes_of("the cat"));
  EXPECT_EQ(hashes_of("1999"), hashes_of("2024"));
  EXPECT_NE(hashes_of("1999"), hashes_of("199"));
  EXPECT_NE(hashes_of("0000"), hashes_of("oooo"));
}

TEST(TextUnits, HaveTheHashOfTheirSpelling) {
  const std::string_view text = "The Äpfel, 我。 X9z \xff ς";
  for (const TextUnit& unit : text_units(text)) {
    const std::string spelling = unit_spelling(text.substr(unit.begin, unit.end - unit.begin));
    EXPECT_EQ(hash64(spelling), unit.hash) << spelling;
  }
}

TEST_F(TextLm, FindsTextLikeItsOwnLessPerplexingThanOther) {
  const NgramModel model = train(kTexts, 3);
  const double known = score_text(model, "The dog sat on the mat.").perplexity();
  const double shuffled = score_text(model, "mat the on. sat dog The").perplexity();
  const double garbled = score_text(model, "qwx zzgh pph aql xx yyv rr.").perplexity();
  EXPECT_LT(known, 4);
  EXPECT_GT(shuffled, 2 * known);
  EXPECT_GT(garbled, 5 * known);
  EXPECT_LT(score_text(model, "我们的狗在家。").perplexity(),
            score_text(model, "家狗在的我。们").perplexity());
}

TEST_F(TextLm, CountsEveryUnitLineEndAndUnknownWord) {
  const NgramModel model = train(kTexts, 2);
  const NgramScore score = score_text(model, "the zebra sat\nthe cat");
  EXPECT_EQ(score.units, 7U);
  EXPECT_EQ(score.unknown, 1U);
  EXPECT_EQ(score_text(model, "").perplexity(), 1);
}

TEST_F(TextLm, GivesUnknownWordsTheShareThatIsLeftOver) {
  const NgramModel model = train(kTexts, 3);
  std::vector<std::uint64_t> kinds = {model.end_unit(), model.unknown_unit()};
  for (const std::string& text : kTexts) {
    const auto units = hashes_of(text);
    kinds.insert(kinds.end(), units.begin(), units.end());
  }
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  EXPECT_EQ(kinds.size() + 1, model.ngram_count(1));
  double sum = 0;
  for (const std::uint64_t unit : kinds) {
    NgramState state = model.begin_state();
    sum += std::pow(10.0, model.log10_probability(state, unit));
  }
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST_F(TextLm, IsTheSameInLittleMemoryAndForAnyNumberOfThreads) {
  const auto texts = random_texts(1, 150);
  TextLmSettings settings;
  settings.order = 4;
  const std::string whole(train(texts, settings).bytes());
  EXPECT_EQ(train(texts, settings, 7).bytes(), whole);
  settings.memory_bytes = std::uint64_t{1} << 20;
  EXPECT_EQ(train(texts, settings, 2).bytes(), whole);
  EXPECT_EQ(late_units_, 0U);
  const auto left = files_.list(folder_ / "work");
  EXPECT_TRUE(!left || left.value().empty());
}

TEST_F(TextLm, CountsWordsAsUnknownWhenTheVocabularyIsFull) {
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    std::string word;
    for (int rest = i; rest > 0; rest /= 26) {
      word += static_cast<char>('a' + rest % 26);
    }
    text += word + " ";
  }
  TextLmSettings settings;
  settings.order = 2;
  settings.memory_bytes = std::uint64_t{1} << 20;
  const NgramModel model = train({text}, settings);
  EXPECT_GT(late_units_, 0U);
  EXPECT_LT(model.ngram_count(1), 3000U);
  EXPECT_EQ(score_text(model, text).unknown, late_units_);
}

TEST_F(TextLm, WritesAnArpaFileThatScoresTheSame) {
  const auto texts = random_texts(2, 20);
  TextLmSettings settings;
  settings.order = 5;
  settings.precision = NgramPrecision::exact;
  settings.arpa = folder_ / "model.arpa";
  const NgramModel model = train(texts, settings);
  const std::string arpa = io::read_file(files_, settings.arpa).value();
  Threads threads(1);
  StringWriter bytes;
  const Status converted = convert_arpa(arpa, std::uint64_t{1} << 30, NgramPrecision::exact,
                                        {nullptr, "", std::size_t{1} << 30, &threads}, bytes);
  ASSERT_TRUE(converted) << converted.error().message;
  const auto back = NgramModel::from_bytes(io::MappedFile(bytes.take()));
  ASSERT_TRUE(back) << back.error().message;
  for (int n = 1; n <= 5; ++n) {
    EXPECT_EQ(back.value().ngram_count(n), model.ngram_count(n));
  }
  for (const std::string& text : random_texts(3, 5)) {
    const auto units =
        lines_of_units(text, text_units(text), marks_of(model));  // hashes of spellings in both
    EXPECT_EQ(back.value().score(units).log10, model.score(units).log10);
  }
}

TEST_F(TextLm, IsTheSameWhereAFileIsThereOnlyWhenCommitted) {
  const auto texts = random_texts(2, 200);
  TextLmSettings settings;
  settings.order = 4;
  settings.memory_bytes = std::uint64_t{1} << 20;
  settings.arpa = folder_ / "model.arpa";
  const NgramModel model = train(texts, settings);
  const std::string arpa = io::read_file(files_, settings.arpa).value();

  MemoryFileSystem store;
  Threads threads(1);
  settings.work_folder = "work";
  settings.arpa = "model.arpa";
  auto trainer = TextLmTrainer::create(store, threads, settings).value();
  for (const std::string& text : texts) {
    ASSERT_TRUE(trainer.add_text(text));
  }
  ASSERT_TRUE(trainer.train("model"));
  EXPECT_EQ(store.files().at("model"), model.bytes());
  EXPECT_EQ(store.files().at("model.arpa"), arpa);
}

TEST_F(TextLm, RefusesWhatItCannotTrain) {
  Threads threads(1);
  TextLmSettings settings;
  settings.work_folder = folder_ / "work";
  for (const int order : {0, 7}) {
    settings.order = order;
    EXPECT_EQ(TextLmTrainer::create(files_, threads, settings).error().code,
              Code::invalid_argument);
  }
  settings.order = 3;
  settings.memory_bytes = 1000;
  EXPECT_EQ(TextLmTrainer::create(files_, threads, settings).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::text
