// Tests what follows from a reader's verdicts: intervals, agreement, and limits that would have
// agreed.
#include "aludel/curate/revisit/audit/score.h"

#include <deque>

#include "tests/temporary_folder.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace aludel::curate::audit {
namespace {

TEST(WilsonInterval, HasKnownValues) {
  EXPECT_NEAR(wilson(8, 10).low, 0.490, 5e-4);
  EXPECT_NEAR(wilson(8, 10).high, 0.943, 5e-4);
  EXPECT_EQ(wilson(0, 20).low, 0);
  EXPECT_NEAR(wilson(0, 20).high, 0.161, 5e-4);
  EXPECT_NEAR(wilson(20, 20).low, 0.839, 5e-4);
  EXPECT_EQ(wilson(20, 20).high, 1);
  EXPECT_EQ(wilson(0, 0).low, 0);
  EXPECT_EQ(wilson(0, 0).high, 1);
}

TEST(WeightedShare, CountsEachPartByItsSize) {
  const WeightedPart parts[] = {{900, 1, 10}, {100, 5, 10}, {5000, 0, 0}};
  const auto share = weighted_share(parts);
  ASSERT_TRUE(share);
  EXPECT_NEAR(share->value, 0.14, 1e-12);
  EXPECT_LT(share->interval.low, 0.14);
  EXPECT_GT(share->interval.high, 0.14);
}

TEST(WeightedShare, OfOnePartHasItsWilsonInterval) {
  const WeightedPart parts[] = {{7, 8, 10}};
  const auto share = weighted_share(parts);
  EXPECT_NEAR(share->interval.low, wilson(8, 10).low, 1e-12);
  EXPECT_NEAR(share->interval.high, wilson(8, 10).high, 1e-12);
  EXPECT_FALSE(weighted_share({}));
}

TEST(CohensKappa, HasKnownValues) {
  EXPECT_NEAR(*cohen_kappa({{{20, 5}, {10, 15}}}), 0.4, 1e-12);
  EXPECT_NEAR(*cohen_kappa({{{45, 15}, {25, 15}}}), 0.1304, 1e-4);
  EXPECT_NEAR(*cohen_kappa({{{3, 0}, {0, 4}}}), 1, 1e-12);
  EXPECT_FALSE(cohen_kappa({{{5, 0}, {0, 0}}}));
  EXPECT_FALSE(cohen_kappa({}));
}

/// The documents of a test: one noted value each, and what the reader says of them.
class ReadDocuments {
 public:
  explicit ReadDocuments(RuleNote rule) : rule_(std::move(rule)) {}

  Answer& add(double value, bool is_to_keep) {
    RuleNote rule = rule_;
    rule.measured = value;
    Answer& answer = answers_.emplace_back();
    answer.key = fmt::format("{}", answers_.size());
    if (rule.breaks()) {
      answer.layer = rule.layer;
      answer.reason = rule.reason;
    }
    answer.rules.push_back(std::move(rule));
    judged_.push_back({&answer, is_to_keep});
    return answer;
  }

  std::vector<BetterLimit> better() const { return better_limits(judged_); }

 private:
  RuleNote rule_;
  std::deque<Answer> answers_;  // addresses stay valid
  std::vector<JudgedAnswer> judged_;
};

RuleNote at_least_50() {
  return {"metrics", "layers.metrics.min_words", "too_few_words", Side::at_least, 0, 50};
}

TEST(BetterLimits, LoosenALimitThatDropsWhatReadersKeep) {
  ReadDocuments documents(at_least_50());
  for (const double value : {10.0, 22.0, 31.0})
    documents.add(value, false);
  for (const double value : {37.0, 41.0, 44.0, 49.0})
    documents.add(value, true);
  for (const double value : {60.0, 80.0, 200.0})
    documents.add(value, true);
  documents.add(55, false);
  const auto limits = documents.better();
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].setting, "layers.metrics.min_words");
  EXPECT_EQ(limits[0].today, 50);
  EXPECT_EQ(limits[0].limit, 37);
  EXPECT_EQ(limits[0].documents, 11U);
  EXPECT_EQ(limits[0].agrees_today, 6U);
  EXPECT_EQ(limits[0].agrees, 10U);
  EXPECT_EQ(limits[0].turned, 4U);
}

TEST(BetterLimits, TightenALimitThatKeepsWhatReadersDrop) {
  ReadDocuments documents(
      {"metrics", "layers.metrics.max_digits", "too_many_digits", Side::at_most, 0, 0.15});
  for (const double value : {0.01, 0.02, 0.03, 0.061})
    documents.add(value, true);
  for (const double value : {0.093, 0.11, 0.14})
    documents.add(value, false);
  const auto limits = documents.better();
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].limit, 0.09);  // the round number nearest to today's between 0.061 and 0.093
  EXPECT_EQ(limits[0].agrees_today, 4U);
  EXPECT_EQ(limits[0].agrees, 7U);
}

TEST(BetterLimits, OfEquallyGoodOnesAreNearestToToday) {
  ReadDocuments documents(at_least_50());
  // A limit of 45 gains 2 verdicts. A limit of 20 loses 2 and gains 2 more.
  for (const double value : {45.0, 46.0, 20.0, 21.0})
    documents.add(value, true);
  for (const double value : {30.0, 31.0})
    documents.add(value, false);
  const auto limits = documents.better();
  ASSERT_EQ(limits.size(), 1U);
  EXPECT_EQ(limits[0].limit, 40);
  EXPECT_EQ(limits[0].turned, 2U);
}

TEST(BetterLimits, GainNothingOnHeldOutDocumentsByChance) {
  ReadDocuments real(at_least_50());
  ReadDocuments chance(at_least_50());
  for (int i = 0; i < 60; ++i) {
    const double value = 20 + i;
    real.add(value, value >= 30);                 // the reader's limit is 30
    chance.add(value, i % 7 == 2 || i % 3 == 0);  // the value tells nothing
  }
  ASSERT_EQ(real.better().size(), 1U);
  EXPECT_EQ(real.better()[0].gain(), 20U);
  EXPECT_GE(real.better()[0].held_out_gain, 18);
  for (const BetterLimit& limit : chance.better()) {
    EXPECT_LT(limit.held_out_gain, static_cast<std::int64_t>(limit.gain()));
  }
}

TEST(BetterLimits, AreNotMadeOfOneVerdictOrOfFewDocuments) {
  ReadDocuments one_gain(at_least_50());
  one_gain.add(45, true);
  for (const double value : {60.0, 61.0, 62.0, 63.0, 64.0})
    one_gain.add(value, true);
  EXPECT_TRUE(one_gain.better().empty());
  ReadDocuments few(at_least_50());
  for (const double value : {45.0, 46.0, 47.0, 48.0})
    few.add(value, true);
  EXPECT_TRUE(few.better().empty());
}

TEST(BetterLimits, KeepNothingThatAnotherRuleOfTheLayerDrops) {
  ReadDocuments documents(at_least_50());
  for (const double value : {41.0, 42.0, 43.0, 44.0, 45.0}) {
    documents.add(value, true)
        .rules.push_back(
            {"metrics", "layers.metrics.min_sentences", "too_few_sentences", Side::at_least, 1, 3});
  }
  EXPECT_TRUE(documents.better().empty());
}

Sheet made_sheet() {
  Sheet sheet;
  sheet.strata = {{"metrics", 900, {{"too_few_words", 600}, {"too_many_digits", 300}}},
                  {"quality", 100, {{"low_quality", 100}}},
                  {"safety", 50, {{"violence", 50}}},
                  {"", 1000, {}}};
  const auto add = [&](const char* key, const char* layer, const char* reason) {
    sheet.answers.push_back({key, std::string("id of ") + key, "en", layer, reason, {}});
  };
  add("a", "metrics", "too_few_words");
  add("b", "metrics", "too_few_words");
  add("c", "metrics", "too_many_digits");
  add("d", "quality", "low_quality");
  add("e", "safety", "violence");
  add("f", "", "");
  add("g", "", "");
  sheet.left_out["cut_at_seam"] = 4;
  return sheet;
}

Verdicts verdicts(std::map<std::string, Said> by_key) {
  Verdicts all;
  all.by_key = std::move(by_key);
  return all;
}

TEST(AuditScore, CountsWrongDropsAndKeepsByLayerAndReason) {
  using enum Said;
  const Score result = score(
      made_sheet(),
      verdicts({{"a", keep}, {"b", drop}, {"c", drop}, {"d", keep}, {"e", unsure}, {"f", drop}}),
      nullptr);
  ASSERT_EQ(result.layers.size(), 3U);
  EXPECT_EQ(result.layers[0].all.judged, 3U);
  EXPECT_EQ(result.layers[0].all.wrong, 1U);
  ASSERT_EQ(result.layers[0].reasons.size(), 2U);
  EXPECT_EQ(result.layers[0].reasons[0].name, "too_few_words");
  EXPECT_EQ(result.layers[0].reasons[0].documents, 600U);
  EXPECT_EQ(result.layers[0].reasons[0].judged, 2U);
  EXPECT_EQ(result.layers[2].all.judged, 0U);
  EXPECT_EQ(result.kept.judged, 1U);
  EXPECT_EQ(result.kept.wrong, 1U);
  EXPECT_NEAR(result.dropped.wrong->value, (900.0 / 3 + 100) / 1000, 1e-12);
  EXPECT_EQ(result.dropped.documents, 1000U);
  EXPECT_EQ(result.dropped.unseen, 50U);
  EXPECT_NEAR(result.all.wrong->value, 0.7, 1e-12);
  EXPECT_EQ(result.keep, 2U);
  EXPECT_EQ(result.drop, 3U);
  EXPECT_EQ(result.unsure, 1U);
  EXPECT_EQ(result.missing, 1U);
  const std::string text = to_text(result);
  EXPECT_NE(text.find("keep 2, drop 3, unsure 1, no verdict 1"), std::string::npos) << text;
  EXPECT_NE(text.find("about 400 of 1000 documents; of 50 more nothing was judged"),
            std::string::npos)
      << text;
  const Json json = to_json(result);
  EXPECT_EQ(json.find("layers")->as_array()[0].integer_or("wrong", 0), 1);
  EXPECT_EQ(json.find("left_out")->integer_or("cut_at_seam", 0), 4);
}

TEST(AuditScore, ComparesTwoReadersWhereBothAreSure) {
  using enum Said;
  const Verdicts first = verdicts({{"a", keep}, {"b", drop}, {"c", keep}, {"d", unsure}});
  const Verdicts second = verdicts({{"a", keep}, {"b", drop}, {"c", drop}, {"d", keep}});
  const Score result = score(made_sheet(), first, &second);
  ASSERT_TRUE(result.agreement);
  EXPECT_EQ(result.agreement->both, 3U);
  EXPECT_EQ(result.agreement->same, 2U);
  EXPECT_NEAR(*result.agreement->kappa, 0.4, 1e-12);
}

TEST(AuditVerdicts, CountWhatIsOddInThem) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const std::string path = folder.write("v.jsonl",
                                        "{\"key\":\"a\",\"verdict\":\"keep\"}\n\n"
                                        "{\"key\":\"a\",\"verdict\":\"drop\",\"why\":\"stub\"}\n"
                                        "{\"key\":\"b\",\"verdict\":\"keep?\"}\n"
                                        "{\"key\":\"x\",\"verdict\":\"keep\"}\n");
  const Verdicts read = read_verdicts(files, path, {"a", "b", "c"}).value();
  EXPECT_EQ(read.by_key.size(), 2U);
  EXPECT_EQ(read.by_key.at("a"), Said::drop);
  EXPECT_EQ(read.repeated, 1U);
  EXPECT_EQ(read.unknown, 1U);
  EXPECT_EQ(read.hesitant, 1U);
}

TEST(AuditVerdicts, OfAnotherWordAreRefusedWithTheLine) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const std::string path = folder.write("v.jsonl",
                                        "{\"key\":\"a\",\"verdict\":\"keep\"}\n"
                                        "{\"key\":\"b\",\"verdict\":\"maybe\"}\n");
  const auto read = read_verdicts(files, path, {"a", "b"});
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("v.jsonl, line 2: [audit] the verdict is 'maybe'"),
            std::string::npos)
      << read.error().message;
}

}  // namespace
}  // namespace aludel::curate::audit
