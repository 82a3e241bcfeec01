// The document layers `metrics` and `repetition`, through the interface that the pipeline uses.
#include <string>

#include "tests/run_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

class RuleLayers : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Layer>> make(std::string_view name, const Json& settings) {
    return find_layer(name).value()->make(settings, context_);
  }

  Verdict judge(std::string_view name, Document& document, const Json& settings = Json::object()) {
    return run_layer(name, *make(name, settings).value(), document);
  }

  Verdict judge_text(std::string_view name, std::string text, std::string language = "en") {
    Document document;
    document.text = std::move(text);
    document.language = std::move(language);
    return judge(name, document);
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
  LayerContext context_{files_, "", 0, threads_};
};

/// Prose of `words` words in sentences of ten, with stop words, that repeats no five words.
std::string prose(int words) {
  std::string text;
  for (int i = 0; i < words; ++i) {
    text += i % 10 == 0 ? "The "
            : i % 10 == 4
                ? "of "
                : "w" + std::string(1, char('a' + i % 26)) + char('a' + i / 26 % 26) + "rd ";
    if (i % 10 == 9) {
      text.back() = '.';
      text += i % 50 == 49 ? "\n" : " ";
    }
  }
  return text;
}

TEST_F(RuleLayers, LetAChineseTextHaveASpaceBehindEachCharacter) {
  std::string spaced;
  const std::string text = "行政會議通過更新的空氣質素指標收緊污染物水平日後的環評報告需按新指標。";
  for (std::size_t at = 0; at < text.size(); at += 3) {
    spaced += text.substr(at, 3) + " ";
  }
  Document document;
  document.language = "zh";
  document.text = spaced;
  Json settings = find_layer("metrics").value()->defaults();
  settings["min_cjk_characters"] = 10;
  settings["min_sentences"] = 1;
  const Verdict verdict = judge("metrics", document, settings);
  EXPECT_TRUE(verdict.keep) << verdict.reason;
  EXPECT_EQ(document.annotations.find("metrics")->find("white_space"), nullptr);
}

TEST_F(RuleLayers, KeepProse) {
  Document document;
  document.text = prose(300);
  document.language = "en";
  const Verdict metrics = judge("metrics", document);
  EXPECT_TRUE(metrics.keep) << metrics.reason;
  EXPECT_LE(metrics.score, 1);
  const Verdict repetition = judge("repetition", document);
  EXPECT_TRUE(repetition.keep) << repetition.reason;
  EXPECT_EQ(document.annotations.find("metrics")->number_or("words", 0), 300);
  EXPECT_EQ(document.annotations.find("repetition")->number_or("duplicate_5grams", 1), 0);
}

TEST_F(RuleLayers, DropByTheFirstBrokenRuleWithItsPressure) {
  const Verdict verdict = judge_text("metrics", prose(40));
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "too_few_words");
  EXPECT_DOUBLE_EQ(verdict.score, 50.0 / 40);
}

TEST_F(RuleLayers, NameEachBrokenRule) {
  EXPECT_EQ(judge_text("metrics", "").reason, "too_few_words");
  EXPECT_EQ(judge_text("metrics", prose(100) + " Lorem ipsum.").reason, "lorem_ipsum");
  std::string hashes = prose(100);
  for (int i = 0; i < 11; ++i) {
    hashes += " #";
  }
  EXPECT_EQ(judge_text("metrics", hashes).reason, "too_many_hashes");
  std::string bullets;
  for (int i = 0; i < 20; ++i) {
    bullets += "- The house of number is a longer line than thirty characters.\n";
  }
  EXPECT_EQ(judge_text("metrics", bullets).reason, "too_many_bullet_lines");
  EXPECT_EQ(judge_text("repetition", bullets).reason, "duplicate_lines");
}

TEST_F(RuleLayers, AskForEnglishStopWordsInEnglishOnly) {
  std::string text;
  for (const char c : prose(100)) {
    text += c == 'T' || c == 'o' ? 'x' : c;
  }
  EXPECT_EQ(judge_text("metrics", text, "en").reason, "too_few_stop_words");
  EXPECT_TRUE(judge_text("metrics", text, "de").keep);
}

TEST_F(RuleLayers, CountChineseByCharacters) {
  std::string sentence;
  for (char32_t c = 0x4E00; c < 0x4E00 + 60; ++c) {
    append_utf8(sentence, c);
  }
  std::string text;
  for (char32_t line = 0; line < 4; ++line) {
    for (char32_t c = 0; c < 60; ++c) {
      append_utf8(text, 0x4E00 + line * 100 + c);
    }
    text += "\xE3\x80\x82\n";
  }
  EXPECT_TRUE(judge_text("metrics", text, "zh").keep) << judge_text("metrics", text, "zh").reason;
  EXPECT_TRUE(judge_text("repetition", text, "zh").keep);
  EXPECT_EQ(judge_text("metrics", sentence, "zh").reason, "too_short");
  EXPECT_EQ(judge_text("metrics", prose(300), "zh").reason, "too_little_han");
  EXPECT_EQ(judge_text("repetition", text + text, "zh").reason, "duplicate_lines");
}

TEST_F(RuleLayers, RefuseUnknownAndImpossibleSettings) {
  Json settings = Json::object();
  settings["min_wrods"] = 3;
  const auto unknown = make("metrics", settings);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("did you mean 'min_words'"), std::string::npos);
  Json impossible = Json::object();
  impossible["characters_per_cjk_word"] = 0;
  EXPECT_FALSE(make("metrics", impossible));
  EXPECT_FALSE(make("repetition", impossible));
}

}  // namespace
}  // namespace aludel::curate
