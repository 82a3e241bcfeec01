#include "aludel/curate/cascade/recover.h"

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Verdict drop(std::string reason, double score) {
  return {false, std::move(reason), score};
}

TEST(RecoverRule, MatchesLayerReasonAndScore) {
  const auto rule = parse_recover_rule("metrics:too_short score>0.8 score<=1.5").value();
  const Document document;
  EXPECT_TRUE(rule.matches("metrics", drop("too_short", 1.5), document));
  EXPECT_FALSE(rule.matches("metrics", drop("too_short", 0.8), document));
  EXPECT_FALSE(rule.matches("metrics", drop("too_short", 1.6), document));
  EXPECT_FALSE(rule.matches("metrics", drop("too_few_words", 1), document));
  EXPECT_FALSE(rule.matches("quality", drop("too_short", 1), document));
}

TEST(RecoverRule, MatchesAnyReasonOfALayerAndOneSource) {
  const auto rule = parse_recover_rule("quality source=web language=zh").value();
  Document document;
  document.source = "web";
  document.language = "zh";
  EXPECT_TRUE(rule.matches("quality", drop("low_quality", 0), document));
  document.language = "en";
  EXPECT_FALSE(rule.matches("quality", drop("low_quality", 0), document));
}

TEST(RecoverRule, SaysWhereAndWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "column 1: expected the name of a layer"},
      {"metrix", "column 1: [curate] no layer 'metrix'; did you mean 'metrics'?"},
      {"metrics:", "column 9: expected a reason after ':'"},
      {"metrics score>>1", "column 14: expected <, <=, > or >= after score, found '>>'"},
      {"metrics score>x", "column 15: expected a number, found 'x'"},
      {"metrics score=1", "column 14: expected <, <=, > or >= after score, found '='"},
      {"metrics words>1", "column 9: expected score, source or language, found 'words'"},
      {"metrics source>a", "column 15: expected '=' after source"},
      {"metrics source=", "column 16: expected a value after source="},
      {"metrics score>2 score<1", "column 1: no score can hold both of its bounds"}};
  for (const auto& [text, message] : cases) {
    const auto rule = parse_recover_rule(text);
    ASSERT_FALSE(rule) << text;
    EXPECT_EQ(rule.error().message, std::string("[recover] '") + text + "', " + message);
  }
}

TEST(RecoverRule, ReadsSeveralApartBySemicolons) {
  const auto rules = parse_recover_rules({"metrics; quality score>0.4;", "topic"}).value();
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[1].layer, "quality");
  EXPECT_EQ(rules[2].layer, "topic");
}

}  // namespace
}  // namespace aludel::curate
