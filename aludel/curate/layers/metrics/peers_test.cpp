// The peers' own unit tests as oracles: the facts that they state (datatrove
// tests/pipeline/filters/test_filters.py, Dolma tests/python/test_gopher.py, DCLM
// tests/baselines/mappers/filters/test_content_filters.py, NeMo Curator
// tests/stages/text/modules/test_filters.py), said in our words.
#include <string>

#include "tests/repeat_text.h"
#include "tests/run_layer.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/line_rules/refinedweb.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

using Values = std::vector<std::pair<std::string, Json>>;

class MetricsAsPeer : public ::testing::Test {
 protected:
  /// Judges by the peer's way with every limit where it passes, except for `changes`.
  Verdict judge(std::string_view compat, const std::string& text, const Values& changes) {
    Json settings = Json::object();
    const Values open = {{"min_words", 0},
                         {"min_mean_word_length", 0.0},
                         {"max_mean_word_length", 1e9},
                         {"max_hashes_per_word", 1e9},
                         {"max_ellipses_per_word", 1e9},
                         {"max_bullet_lines", 1.0},
                         {"max_ellipsis_lines", 1.0},
                         {"min_alphabetic_words", 0.0},
                         {"min_stop_words", 0},
                         {"min_terminal_lines", 0.0},
                         {"max_short_lines", 1.0},
                         {"max_duplicate_line_characters", 1.0},
                         {"max_newlines_per_word", 1e9},
                         {"min_sentences", 0},
                         {"allow_lorem_ipsum", true},
                         {"max_digits", 1.0},
                         {"max_white_space", 1.0},
                         {"max_symbols", 1.0},
                         {"max_urls", 1.0},
                         {"max_parentheses", 1.0},
                         {"max_boilerplate_paragraphs", 1.0}};
    settings["compat"] = compat;
    for (const auto& [name, value] : open) {
      settings[name] = value;
    }
    for (const auto& [name, value] : changes) {
      settings[name] = value;
    }
    auto layer = find_layer("metrics").value()->make(settings, context_);
    EXPECT_TRUE(layer) << layer.error().message;
    document_ = Document();
    document_.text = text;
    return run_layer("metrics", *layer.value(), document_);
  }

  double value(std::string_view compat, const std::string& text, std::string_view name) {
    judge(compat, text, {});
    const Json* found = document_.annotations.find("metrics")->find(name);
    EXPECT_NE(found, nullptr) << name;
    return found == nullptr ? -1 : found->as_number();
  }

  /// The reason of the fall with `changes`, "" where it is kept.
  std::string reason(std::string_view compat, const std::string& text, const Values& changes) {
    return judge(compat, text, changes).reason;
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
  LayerContext context_{files_, "", 0, threads_};
  Document document_;
};

TEST_F(MetricsAsPeer, DatatroveGopherQuality) {
  const Values gopher = {{"min_words", 10},
                         {"max_words", 1000},
                         {"min_mean_word_length", 3.0},
                         {"max_mean_word_length", 10.0},
                         {"max_hashes_per_word", 0.1},
                         {"max_ellipses_per_word", 0.1},
                         {"min_alphabetic_words", 0.8},
                         {"min_stop_words", 2}};
  const auto fell = [&](const std::string& text) { return reason("datatrove", text, gopher); };
  EXPECT_EQ(fell("I am too small..."), "too_few_words");
  EXPECT_EQ(fell(times("I am ", 20)), "words_too_short");
  EXPECT_EQ(fell(times("interconnection ", 20)), "words_too_long");
  EXPECT_EQ(fell(times("# comment ", 20)), "too_many_hashes");
  EXPECT_EQ(fell(times("... comment ", 20)), "too_many_ellipses");
  EXPECT_EQ(fell(times("the ./!*?<><> apple <?////> orange  ++ interconnection !<>??? have", 20)),
            "too_few_alphabetic_words");
  EXPECT_EQ(
      fell("The house that they have built stands with its back to the river, and all who pass "
           "by the gate look up at its red tower."),
      "");
}

TEST_F(MetricsAsPeer, DatatroveC4) {
  const Values c4 = {{"c4_line_rules", true},      {"min_words_per_line", 3},
                     {"min_sentences", 5},         {"require_line_end_mark", true},
                     {"allow_lorem_ipsum", false}, {"allow_curly_brackets", false}};
  const std::string good =
      "The first line of this page says what it is about.\n"
      "The second line adds a thing that one may want to know.\n"
      "A third one follows, since pages have more than two.\n"
      "Nothing in the fourth line is worth a rule.\n"
      "The fifth brings the page to its end.\n";
  EXPECT_EQ(reason("datatrove", good, c4), "");
  EXPECT_EQ(reason("datatrove", good + "It has lorem ipsum in it.", c4), "lorem_ipsum");
  EXPECT_EQ(reason("datatrove", good + "It has a { in it.", c4), "curly_bracket");
  EXPECT_EQ(reason("datatrove", "Just one sentence.", c4), "too_few_sentences");
  const std::string cut = good.substr(good.find('\n') + 1);
  EXPECT_EQ(reason("datatrove", cut, c4), "too_few_sentences");
  EXPECT_EQ(reason("datatrove", cut + "This site uses cookies to follow you.", c4),
            "too_few_sentences");
  EXPECT_EQ(reason("datatrove", cut + "No mark ends this line", c4), "too_few_sentences");
  EXPECT_EQ(reason("datatrove", cut + "Too short.", c4), "too_few_sentences");
  EXPECT_EQ(reason("datatrove", cut + "Please turn on JavaScript first.", c4), "too_few_sentences");
  EXPECT_EQ(reason("datatrove", cut + "This one is like the others.", c4), "");
}

TEST_F(MetricsAsPeer, DatatroveFineWeb) {
  const std::string no_marks = "No mark is here\nAnother line without any\nNothing still";
  EXPECT_EQ(reason("datatrove", no_marks, {{"min_terminal_lines", 0.5}}), "too_few_terminal_lines");
  EXPECT_EQ(reason("datatrove", "hi.\nbye.\nok.\nno.\nyes.", {{"max_short_lines", 0.5}}),
            "too_many_short_lines");
  EXPECT_EQ(reason("datatrove", times("a\n", 50), {{"max_newlines_per_word", 0.1}}),
            "too_many_newlines");
  EXPECT_EQ(reason("datatrove", times("a\n", 50), {{"max_duplicate_line_characters", 0.01}}),
            "too_many_duplicate_lines");
  EXPECT_EQ(reason("datatrove", "", {{"min_terminal_lines", 0.12}}), "too_few_terminal_lines");
}

TEST_F(MetricsAsPeer, DolmaGopher) {
  EXPECT_EQ(value("dolma", "This is a test.", "words"), 4);
  EXPECT_EQ(value("dolma", "This is a test.", "median_word_length"), 3);
  EXPECT_EQ(value("dolma", "This is a test.", "alphabetic_words"), 1);
  EXPECT_EQ(value("dolma", "This is a test.", "stop_words"), 0);
  EXPECT_EQ(value("dolma", "T h i s \n    \n\n\n    isoneword !!!", "words"), 6);
  EXPECT_EQ(value("dolma", "The.and.that", "stop_words"), 0);
  EXPECT_EQ(value("dolma", "The and that", "stop_words"), 2);
  const std::string three =
      "This is a sentence. \n  \n This is another sentence.\n\n  This is a third sentence.";
  EXPECT_EQ(value("dolma", three, "words"), 13);
  EXPECT_EQ(value("dolma", three, "median_word_length"), 4);
}

TEST_F(MetricsAsPeer, DclmFilters) {
  for (const std::string ellipsis : {"...", ". . .", "\xE2\x80\xA6"}) {
    const std::string text = "One line ends in it" + ellipsis + "\n and one line does not.";
    EXPECT_EQ(reason("dclm", text, {{"max_ellipsis_lines", 0.49}}), "too_many_ellipsis_lines");
    EXPECT_EQ(reason("dclm", text, {{"max_ellipsis_lines", 0.51}}), "");
  }
  for (const std::string bullet : {"\xE2\x97\x8F", "\xE2\x80\xA2", "*", "-"}) {
    const std::string text = bullet + " first\n second";
    EXPECT_EQ(reason("dclm", text, {{"max_bullet_lines", 0.4}}), "too_many_bullet_lines");
    EXPECT_EQ(reason("dclm", text, {{"max_bullet_lines", 0.6}}), "");
  }
  // Words begin with a letter or number and are parted as fastText does it.
  EXPECT_EQ(value("dclm", "Hello world. \n This is a test.", "words"), 6);
  EXPECT_EQ(value("dclm", "Mr. Smith bought 2.5 kilograms of fruit.", "words"), 7);
  EXPECT_EQ(value("dclm", "the The and", "stop_words"), 3) << "every occurrence, in any case";
  EXPECT_EQ(reason("dclm", "", {{"min_words", 1}}), "too_few_words");
}

TEST_F(MetricsAsPeer, NemoHeuristics) {
  const auto keeps = [&](const std::string& text, const std::string& name, const Json& limit) {
    return reason("nemo", text, {{name, limit}}).empty();
  };
  EXPECT_FALSE(keeps("%$^%$^%$&^$()))))", "max_symbols", 0.25));
  EXPECT_TRUE(keeps("This is a test case.", "max_symbols", 0.25));
  EXPECT_TRUE(keeps("$aaa", "max_symbols", 0.25));
  EXPECT_FALSE(keeps("mixed bag ... #", "max_hashes_per_word", 0.1));
  EXPECT_TRUE(keeps("barely ok 3 4 5 6 7 8 9 #", "max_hashes_per_word", 0.1));
  EXPECT_FALSE(keeps("34134543", "max_digits", 0.1));
  EXPECT_TRUE(keeps("abcdefghi1", "max_digits", 0.1));
  EXPECT_FALSE(keeps("https://example.org/en-us/", "max_urls", 0.2));
  EXPECT_TRUE(keeps("no address here!", "max_urls", 0.2));
  EXPECT_FALSE(keeps("50%\n\n\n", "max_white_space", 0.25));
  EXPECT_TRUE(keeps("123\b", "max_white_space", 0.25));
  EXPECT_FALSE(keeps("(not good)", "max_parentheses", 0.1));
  EXPECT_TRUE(keeps("123456789(", "max_parentheses", 0.1));
  EXPECT_FALSE(keeps("large", "max_word_length", 4));
  EXPECT_TRUE(keeps("tiny", "max_word_length", 4));
  EXPECT_FALSE(keeps("too much \n\n privacy & cookies policy", "max_boilerplate_paragraphs", 0.4));
  EXPECT_TRUE(
      keeps("1\n\n2\n\n3\n\n4\n\n5\n\n6\n\nterms of use\n\n privacy policy\n\n cookie policy"
            "\n\nuses cookies",
            "max_boilerplate_paragraphs", 0.4));
  EXPECT_FALSE(keeps("\xE2\x80\xA2 not good", "max_bullet_lines", 0.9));
  EXPECT_TRUE(keeps("50 \n \xE2\xA6\xBE 50", "max_bullet_lines", 0.9));
  EXPECT_FALSE(keeps("not good...", "max_ellipsis_lines", 0.8));
  EXPECT_TRUE(keeps("just...\n barely...\n fine...\n ok...\n yep.", "max_ellipsis_lines", 0.8));
  EXPECT_FALSE(keeps("not good", "min_terminal_lines", 0.2));
  EXPECT_TRUE(keeps("just\n barely\n fine\n ok\n yep.", "min_terminal_lines", 0.2));
  EXPECT_FALSE(keeps("uncommon", "min_stop_words", 2));
  EXPECT_TRUE(keeps("the and", "min_stop_words", 2));
  EXPECT_FALSE(keeps("@", "min_alphabetic_words", 0.8));
  EXPECT_TRUE(keeps("good good good good !", "min_alphabetic_words", 0.8));
}

TEST_F(MetricsAsPeer, RefusesAnUnknownPipeline) {
  Json settings = Json::object();
  settings["compat"] = "datatrov";
  const auto layer = find_layer("metrics").value()->make(settings, context_);
  ASSERT_FALSE(layer);
  EXPECT_NE(layer.error().message.find("did you mean 'datatrove'"), std::string::npos);
}

TEST(LineRules, CutsCitations) {
  EXPECT_EQ(without_citations("a[1] b[] c[edit] d[citation needed] e[x] f[12"),
            "a b c d e[x] f[12");
}

TEST(LineRules, KnowsCountersCapitalsAndNumbers) {
  EXPECT_TRUE(refinedweb_drops("12 likes"));
  EXPECT_TRUE(refinedweb_drops("* 1.2K Views!"));
  EXPECT_FALSE(refinedweb_drops("12 likes by friends"));
  EXPECT_TRUE(refinedweb_drops("ALL OF IT SHOUTS"));
  EXPECT_FALSE(refinedweb_drops("Not all of it SHOUTS"));
  EXPECT_TRUE(refinedweb_drops("single"));
  EXPECT_FALSE(refinedweb_drops("two words"));
}

}  // namespace
}  // namespace aludel::curate
