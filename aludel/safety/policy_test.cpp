#include "aludel/safety/policy.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/safety/lexicon_lists.h"
#include "aludel/safety/masking.h"

namespace aludel::safety {
namespace {

constexpr auto kViolence = static_cast<std::size_t>(SafetyClass::violence);
constexpr auto kHate = static_cast<std::size_t>(SafetyClass::hate_speech);

SafetyPolicy policy_of(const SafetySettings& settings) {
  return SafetyPolicy::create(settings).value();
}

TEST(SafetyPolicy, DropsForTheHighestScoreOfTheClassesFound) {
  ClassScores scores{};
  scores.at(kViolence) = {0.6, std::nullopt};
  scores.at(kHate) = {0.1, 0.97F};
  const SafetyDecision decision = policy_of({}).decide(scores);
  EXPECT_EQ(decision.found, (std::vector{SafetyClass::violence, SafetyClass::hate_speech}));
  EXPECT_EQ(decision.drops_for, SafetyClass::hate_speech);
  EXPECT_FLOAT_EQ(static_cast<float>(decision.score), 0.97F);
  EXPECT_FALSE(decision.masks);
}

TEST(SafetyPolicy, SaysHowNearAKeptTextIsToAClass) {
  ClassScores scores{};
  scores.at(kViolence) = {0.4, std::nullopt};
  scores.at(kHate) = {0.2, 0.94F};
  const SafetyDecision decision = policy_of({}).decide(scores);
  EXPECT_TRUE(decision.found.empty());
  EXPECT_FALSE(decision.drops_for);
  EXPECT_EQ(decision.score, 0.4);
}

TEST(SafetyPolicy, DropsNothingForAClassThatIsMaskedOrTagged) {
  ClassScores scores{};
  scores.at(kViolence).lexicon = 0.9;
  SafetySettings settings;
  settings.mask = {"violence"};
  SafetyDecision decision = policy_of(settings).decide(scores);
  EXPECT_EQ(decision.found, std::vector{SafetyClass::violence});
  EXPECT_FALSE(decision.drops_for);
  EXPECT_TRUE(decision.masks);
  settings.tag = {"violence"};  // given for both, it is tagged
  decision = policy_of(settings).decide(scores);
  EXPECT_EQ(decision.found, std::vector{SafetyClass::violence});
  EXPECT_FALSE(decision.drops_for);
  EXPECT_FALSE(decision.masks);
  settings.tag = {"rudeness"};
  EXPECT_NE(SafetyPolicy::create(settings).error().message.find("tag is 'rudeness', expected"),
            std::string::npos);
}

TEST(SafetyPolicy, MasksTheSentencesOfItsClassesAlone) {
  const SafetyScorer scorer = SafetyScorer::create().value();
  constexpr std::string_view kText =
      "He would beat him to death and bury the body by the lake. The weather was fine. They "
      "planned to stab him again.";
  SafetySettings settings;
  settings.mask = {"violence"};
  settings.threshold = 0.1;
  const auto masked = mask_sentences(kText, "", scorer, policy_of(settings));
  ASSERT_TRUE(masked);
  EXPECT_EQ(masked->text, "The weather was fine. ");
  EXPECT_EQ(masked->sentences_removed, 2);
  settings.mask = {"hate_speech"};
  EXPECT_FALSE(mask_sentences(kText, "", scorer, policy_of(settings)));
}

TEST(LexiconLists, AreReadByTheClassBeforeTheirPath) {
  io::LocalFileSystem files;
  const TemporaryFolder folder;
  const std::string path = folder.write("own.txt", "5 zap the frobs\n");
  const std::string wanted[] = {"violence=" + path};
  const auto lists = read_lexicon_lists(files, wanted).value();
  ASSERT_EQ(lists.size(), 1U);
  EXPECT_EQ(lists[0].which, SafetyClass::violence);
  EXPECT_EQ(lists[0].text, "5 zap the frobs\n");
  for (const std::string& wrong : {path, "rudeness=" + path, std::string("violence=/no/such")}) {
    const std::string one[] = {wrong};
    EXPECT_FALSE(read_lexicon_lists(files, one)) << wrong;
  }
}

}  // namespace
}  // namespace aludel::safety
