#include "aludel/text/ngram_lm/arpa_reader.h"

#include <sstream>

#include "tests/shared_data.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/text/ngram_lm/string_writer.h"
#include "aludel/text/ngram_lm/text_lm.h"

namespace aludel::text {
namespace {

constexpr std::string_view kSmall =
    "\\data\\\nngram 1=4\nngram 2=2\nngram 3=1\n\n"
    "\\1-grams:\n-1\t<s>\t-0.5\n-1.5\t</s>\n-0.25\ta\t-0.125\n-0.75\tb\n\n"
    "\\2-grams:\n-0.1\t<s> a\t-0.3\n-0.2\ta </s>\n\n"
    "\\3-grams:\n-0.05\t<s> a b\n\n\\end\\\n";

Result<NgramModel> model_of(std::string_view arpa,
                            NgramPrecision precision = NgramPrecision::exact) {
  Threads threads(1);
  StringWriter bytes;
  ALUDEL_TRY(convert_arpa(arpa, std::uint64_t{1} << 30, precision,
                          {nullptr, "", std::size_t{1} << 30, &threads}, bytes));
  return NgramModel::from_bytes(io::MappedFile(bytes.take()));
}

Result<ArpaModel> parse_arpa(std::string_view text) {
  return ArpaModel::parse(text, std::uint64_t{1} << 30);
}

std::string replaced(std::string_view what, std::string_view by) {
  std::string text(kSmall);
  return text.replace(text.find(what), what.size(), by);
}

TEST(Arpa, BacksOffAsTheFormatSays) {
  const auto model = model_of(kSmall);
  ASSERT_TRUE(model) << model.error().message;
  // "<s> a" is a bigram, "<s> a b" a trigram whose ending "a b" the file lacks, "</s>" backs off
  // from "b" without a backoff of its own.
  EXPECT_NEAR(score_text(model.value(), "a b").log10, -0.1 - 0.05 - 1.5, 1e-6);
  EXPECT_NEAR(score_text(model.value(), "a").log10, -0.1 - 0.3 - 0.2, 1e-6);
  EXPECT_NEAR(score_text(model.value(), "b a b").log10,
              (-0.5 - 0.75) - 0.25 + (-0.125 - 0.75) - 1.5, 1e-6);
  EXPECT_NEAR(score_text(model.value(), "zz").log10, -0.5 - 100 - 1.5, 1e-4);  // no <unk>
}

TEST(Arpa, RefusesWhatIsNotWholeOrNotTrue) {
  const auto code_of = [](const std::string& text) {
    const auto tables = parse_arpa(text);
    return tables ? Code::cancelled : tables.error().code;
  };
  const std::string whole(kSmall);
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    EXPECT_EQ(code_of(whole.substr(0, size)), Code::corrupt_data) << size;
  }
  EXPECT_EQ(code_of(replaced("ngram 2=2", "ngram 2=3")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("ngram 2=2", "ngram 2=1")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("ngram 2=2", "ngram 2=9999999999")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("ngram 2=2", "ngram 2=99999999999999999999")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("-0.1\t", "0.1\t")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("-0.1\t", "nan\t")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("-0.1\t", "-inf\t")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("<s> a b", "<s> a c")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("<s> a b", "<s> a")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("-0.75\tb", "-0.75\ta")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("-0.2\ta </s>", "-0.2\t<s> a")), Code::corrupt_data);
  EXPECT_EQ(code_of(replaced("\t</s>", "\tx")), Code::corrupt_data);
  EXPECT_EQ(parse_arpa("\\data\\\nngram 1=1\nngram 2=1\nngram 3=1\nngram 4=1\nngram 5=1\n"
                       "ngram 6=1\nngram 7=1\n")
                .error()
                .code,
            Code::unsupported);
}

TEST(Arpa, RefusesNumbersWhoseSumsOverflow) {
  // "a b" is missing: its probability would be the sum of two numbers, and no finite one.
  std::string text = replaced("-0.75\tb", "-3e38\tb");
  text.replace(text.find("-0.125"), 6, "-3e38");
  const auto model = model_of(text, NgramPrecision::packed);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message.find("expected a log10 probability"), std::string::npos)
      << model.error().message;
  EXPECT_FALSE(model_of(replaced("-0.3\n", "3e38\n")));
  EXPECT_TRUE(model_of(replaced("-0.75\tb", "-1e30\tb"), NgramPrecision::packed));
}

TEST(Arpa, ShowsTheBeginOfALongLineOnly) {
  const auto parsed =
      parse_arpa(replaced("-0.75\tb", "-0.75\t" + std::string(100'000, 'b') + " c d"));
  ASSERT_FALSE(parsed);
  EXPECT_LT(parsed.error().message.size(), 200U);
  EXPECT_NE(parsed.error().message.find("line 10"), std::string::npos) << parsed.error().message;
}

TEST(Arpa, TakesNoMoreMemoryThanAllowed) {
  EXPECT_EQ(ArpaModel::parse(kSmall, 100).error().code, Code::resource_exhausted);
}

TEST(Arpa, PacksWithinTheRoundingThatTheModelStates) {
  const auto exact = model_of(kSmall);
  const auto packed = model_of(kSmall, NgramPrecision::packed);
  ASSERT_TRUE(exact);
  ASSERT_TRUE(packed) << packed.error().message;
  EXPECT_EQ(exact.value().largest_rounding(), 0);
  EXPECT_GT(packed.value().largest_rounding(), 0);
  EXPECT_LT(packed.value().largest_rounding(), 1e-4);
  for (const std::string_view text : {"a b", "a", "b a b", "zz a"}) {
    const NgramScore score = score_text(packed.value(), text);
    EXPECT_NEAR(score.log10, score_text(exact.value(), text).log10,
                static_cast<double>(score.units) * packed.value().largest_rounding() + 1e-6);
  }
}

struct GoldSentence {
  const char* text;
  double log10;
};

void PrintTo(const GoldSentence& sentence, std::ostream* out) {  // part of the test's name
  *out << sentence.text;
}

// From KenLM's own test model; values of PyPI kenlm 0.3.0.
class GoldenArpa : public testing::TestWithParam<GoldSentence> {};

TEST_P(GoldenArpa, GivesTheScoresOfKenlm) {
  const std::string path = shared_data("models/kenlm-test.arpa");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  io::LocalFileSystem files;
  const auto model = model_of(io::read_file(files, path).value());
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_NEAR(score_text(model.value(), GetParam().text).log10, GetParam().log10, 2e-5);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoldenArpa,
    testing::Values(GoldSentence{"looking on a little more loin", -1.567984938621521},
                    GoldSentence{"also would consider higher looking .", -17.779258728027344},
                    GoldSentence{"screening a little more . foo bar baz", -20.08709144592285},
                    GoldSentence{"to look a to look", -13.40462875366211},
                    GoldSentence{"foo bar foo bar baz", -26.263547897338867},
                    GoldSentence{"looking on a little the biarritz not_found more .",
                                 -30.916812896728516},
                    GoldSentence{"<unk> however <unk>", -45.440101623535156},
                    GoldSentence{"higher looking a", -7.003028869628906},
                    GoldSentence{"would consider higher looking", -8.995922088623047},
                    GoldSentence{"look a little more", -5.66526460647583},
                    GoldSentence{"zz to look a little more", -33.36613845825195}));

}  // namespace
}  // namespace aludel::text
