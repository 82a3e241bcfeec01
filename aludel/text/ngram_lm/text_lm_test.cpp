#include "aludel/text/ngram_lm/text_lm.h"

#include <cmath>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::text {
namespace {

std::vector<std::size_t> units_by_line(std::string_view text) {
  std::vector<std::size_t> units;
  for_each_line_of_units(
      text, [&](std::span<const std::uint64_t> hashes) { units.push_back(hashes.size()); });
  return units;
}

std::vector<std::uint64_t> hashes_of(std::string_view line) {
  std::vector<std::uint64_t> all;
  for_each_line_of_units(line, [&](std::span<const std::uint64_t> hashes) {
    all.insert(all.end(), hashes.begin(), hashes.end());
  });
  return all;
}

NgramModel train_text(const std::vector<std::string>& texts, int order) {
  TextLmTrainer trainer;
  for (const std::string& text : texts) {
    trainer.add_text(text);
  }
  Threads threads(1);
  auto model = trainer.train(order, threads);
  EXPECT_TRUE(model) << (model ? "" : model.error().message);
  return std::move(model).value();
}

const std::vector<std::string> kTexts = {
    "The cat sat on the mat.\nThe dog sat on the log.", "The cat and the dog sat.",
    "我们的猫在家。\n我们的狗不在家。", "In 1999 the cat was 10 years old."};

TEST(TextUnits, AreWordsWithoutCaseCodePointsAndSymbols) {
  EXPECT_EQ(units_by_line("The cat.\n\n  \n我们 ok"), (std::vector<std::size_t>{3, 3}));
  EXPECT_EQ(hashes_of("The CAT"), hashes_of("the cat"));
  EXPECT_EQ(hashes_of("1999"), hashes_of("2024"));
  EXPECT_NE(hashes_of("1999"), hashes_of("199"));
  EXPECT_NE(hashes_of("0000"), hashes_of("oooo"));
}

TEST(TextLm, FindsTextLikeItsOwnLessPerplexingThanOther) {
  const NgramModel model = train_text(kTexts, 3);
  const double known = score_text(model, "The dog sat on the mat.").perplexity();
  const double shuffled = score_text(model, "mat the on. sat dog The").perplexity();
  const double garbled = score_text(model, "qwx zzgh pph aql xx yyv rr.").perplexity();
  EXPECT_LT(known, 4);
  EXPECT_GT(shuffled, 2 * known);
  EXPECT_GT(garbled, 5 * known);
  EXPECT_LT(score_text(model, "我们的狗在家。").perplexity(),
            score_text(model, "家狗在的我。们").perplexity());
}

TEST(TextLm, CountsEveryUnitLineEndAndUnknownWord) {
  const NgramModel model = train_text(kTexts, 2);
  const NgramScore score = score_text(model, "the zebra sat\nthe cat");
  EXPECT_EQ(score.units, 7U);
  EXPECT_EQ(score.unknown, 1U);
  EXPECT_EQ(score_text(model, "").perplexity(), 1);
}

TEST(TextLm, ScoresUnitsAloneWhateverTheirOrder) {
  const NgramModel model = train_text(kTexts, 3);
  const NgramScore forth = score_text(model, "the cat sat on the mat", NgramContext::none);
  const NgramScore back = score_text(model, "mat the on sat cat the", NgramContext::none);
  EXPECT_NEAR(forth.log10, back.log10, 1e-5);
  EXPECT_EQ(forth.units, score_text(model, "the cat sat on the mat").units);
  EXPECT_LT(forth.log10, score_text(model, "the cat sat on the mat").log10);
  EXPECT_EQ(score_text(model, "zebra", NgramContext::none).unknown, 1U);
}

TEST(TextLm, GivesUnknownWordsTheShareThatIsLeftOver) {
  const NgramModel model = train_text(kTexts, 3);
  NgramState state = model.begin_state();
  double sum = 0;
  for (std::uint32_t word = 0; word < model.vocab_size(); ++word) {
    NgramState copy = state;
    if (word != model.begin_id()) sum += std::pow(10.0, model.log10_probability(copy, word));
  }
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_EQ(model.id_of_hash(12345), model.unknown_id());
}

TEST(TextLm, IsReadBackFromAFile) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const NgramModel model = train_text(kTexts, 4);
  ASSERT_TRUE(io::write_file(files, folder / "en.lm", model.bytes()));
  const auto back = NgramModel::load(files, folder / "en.lm");
  ASSERT_TRUE(back) << back.error().message;
  for (const std::string& text : kTexts) {
    EXPECT_EQ(score_text(back.value(), text).log10, score_text(model, text).log10);
  }
  EXPECT_EQ(back.value().order(), 4);
  EXPECT_EQ(NgramModel::load(files, folder / "none").error().code, Code::not_found);
}

TEST(TextLm, RefusesAnOrderItCannotTrain) {
  Threads threads(1);
  EXPECT_EQ(TextLmTrainer().train(0, threads).error().code, Code::invalid_argument);
  EXPECT_EQ(TextLmTrainer().train(7, threads).error().code, Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::text
