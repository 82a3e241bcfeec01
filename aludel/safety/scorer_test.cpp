#include "aludel/safety/scorer.h"

#include <ctime>
#include <set>

#include <gtest/gtest.h>

#include "aludel/io/file_system.h"

namespace aludel::safety {
namespace {

const SafetyScorer& scorer() {
  static const SafetyScorer scorer = SafetyScorer::create().value();
  return scorer;
}

TEST(Taxonomy, HasFourteenClassesWithNames) {
  std::set<std::string_view> names;
  for (const SafetyClassInfo& info : safety_classes()) {
    names.insert(info.name);
    EXPECT_TRUE(find_safety_class(info.name));
  }
  EXPECT_EQ(names.size(), kSafetyClassCount);
  EXPECT_FALSE(find_safety_class("rudeness"));
}

TEST(Lexicon, MatchesWholePhrasesOutsideHarmlessOnes) {
  const Lexicon lexicon = Lexicon::create().value();
  EXPECT_EQ(lexicon.find("He wanted to Beat Him To Death.").size(), 1U);
  EXPECT_TRUE(lexicon.find("sandbeat him to deathly").empty());
  EXPECT_TRUE(lexicon.find("预防自杀的热线，远离毒品").empty());
  EXPECT_EQ(lexicon.find("他们贩毒").size(), 1U);
}

TEST(Lexicon, TakesLinearTimeOnManyHarmlessPhrases) {
  const Lexicon lexicon = Lexicon::create().value();
  const auto seconds = [&](int repeats) {
    std::string text;
    for (int i = 0; i < repeats; ++i) {
      text += "suicide prevention, slit his throat; ";
    }
    const std::clock_t started = std::clock();
    EXPECT_EQ(lexicon.find(text).size(), static_cast<std::size_t>(repeats));
    return static_cast<double>(std::clock() - started) / CLOCKS_PER_SEC;
  };
  const double small = seconds(10'000);
  EXPECT_LT(seconds(40'000), 8 * small + 0.5);
}

TEST(Lexicon, TakesFurtherListsAndRefusesBadOnes) {
  const std::vector<LexiconList> more = {
      {SafetyClass::violence, "# own\n5 zap the frobs\nzorch\n"}};
  const Lexicon lexicon = Lexicon::create(more).value();
  const auto hits = lexicon.find("Zap the frobs, then zorch.");
  ASSERT_EQ(hits.size(), 2U);
  EXPECT_EQ(hits[0].weight, 5);
  EXPECT_EQ(hits[1].weight, 3);
  const std::vector<LexiconList> bad = {{SafetyClass::violence, "9 too heavy\n"}};
  EXPECT_FALSE(Lexicon::create(bad).has_value());
}

TEST(Lexicon, CountsSpellingsOfOnePhraseOnceAndTheHeaviestOfThem) {
  const std::vector<LexiconList> more = {
      {SafetyClass::violence, "2 砍頭魔\n5 砍头魔\nＺＯＲＣＨ\nzorch\n4 Zorch\n"},
      {SafetyClass::illegal_activities, "1 zorch\n"}};
  const Lexicon lexicon = Lexicon::create(more).value();
  for (const char* text : {"砍頭魔", "砍头魔"}) {
    const auto hits = lexicon.find(text);
    ASSERT_EQ(hits.size(), 1U) << text;
    EXPECT_EQ(hits[0].weight, 5);
  }
  const auto hits = lexicon.find("zorch");
  ASSERT_EQ(hits.size(), 2U) << "one of each class";
  EXPECT_EQ(hits[0].weight + hits[1].weight, 5);
}

TEST(SafetyScorer, FindsTheClassOfUnsafeText) {
  const std::vector<std::pair<std::string, SafetyClass>> texts = {
      {"i want to die and i am cutting my wrists", SafetyClass::self_harm},
      {"hire a hitman, fake passports ready in a week", SafetyClass::illegal_activities},
      {"ransomware builder and phishing kit for rent", SafetyClass::cybersecurity},
      {"专业代写论文，考试答案出售，保过", SafetyClass::ethical_violations},
      {"裸聊视频，援交小姐包夜上门", SafetyClass::sexually_explicit},
      {"算命大师改运驱邪，八字改命", SafetyClass::superstition}};
  for (const auto& [text, which] : texts) {
    const SafetyScores scores = scorer().score(text);
    EXPECT_EQ(scores.strongest(), which) << text;
    EXPECT_GE(scores.of(which).value(), 0.5) << text;
    EXPECT_FALSE(scores.of(which).model) << text;
  }
  EXPECT_FALSE(scorer().has_model(SafetyClass::violence));
}

TEST(SafetyScorer, LeavesDocumentationAlone) {
  for (const char* text :
       {"The parent kills the child process with SIGKILL; the attacker cannot execute the master's "
        "slave. An attack on the server is a denial of service.",
        "Use kill -9 to terminate a zombie. A hidden camera icon shows in the toolbar when the "
        "document is recorded and the shot is taken by the shooting mode of the application that "
        "runs on the desktop; press Escape to abort and the panel will close on its own.",
        "杀死子进程，执行主从复制，攻击者无法注入代码。"}) {
    const SafetyScores scores = scorer().score(text);
    EXPECT_LT(scores.of(scores.strongest()).value(), 0.5) << text;
  }
}

TEST(SafetyScorer, LongTextBearsAMention) {
  std::string text = "The detective read that the victim was beaten, that they beat him to death, ";
  for (int i = 0; i < 100; ++i) {
    text += "and the town went on with its long and quiet days by the grey sea. ";
  }
  EXPECT_LT(scorer().score(text).of(SafetyClass::violence).value(), 0.1);
}

TEST(SafetyScorer, UsesATrainedModelWhereThereIsOne) {
  const std::vector<text::LabelledText> examples = {{"zorch the frobs tonight", "violence"},
                                                    {"we zorch and zap the frobs", "violence"},
                                                    {"the garden is green", "safe"},
                                                    {"the sea is calm tonight", "safe"}};
  const auto model = text::Classifier::train({}, examples, nullptr);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  const SafetyScorer with_model = SafetyScorer::create({}, model.value()).value();
  EXPECT_TRUE(with_model.has_model(SafetyClass::violence));
  EXPECT_FALSE(with_model.has_model(SafetyClass::superstition));
  EXPECT_GT(*with_model.score("zorch the frobs").of(SafetyClass::violence).model, 0.5F);
  EXPECT_LT(*with_model.score("the green sea").of(SafetyClass::violence).model, 0.5F);
}

TEST(SafetyScorer, JudgesTheTitleOfAPageWithItsText) {
  const SafetyScorer scorer = SafetyScorer::create().value();
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "他走进院子，看见水车在转，河水慢慢流过磨坊的门口。";
  }
  const auto score = [&](std::string_view title) {
    return scorer.score(text, title).of(SafetyClass::sexually_explicit).lexicon;
  };
  EXPECT_EQ(score("磨坊的故事"), 0);
  EXPECT_EQ(score("警方查处色情网站"), 0);  // one phrase is a mention
  EXPECT_GE(score("严选免费成人小说，国产自拍视频"), 0.5);
  EXPECT_TRUE(scorer.score(text, "严选免费成人小说，国产自拍视频").hits.empty());
}

TEST(Lexicon, FindsPhrasesInEveryFormOfTheirLetters) {
  const Lexicon lexicon = Lexicon::create().value();
  for (const char* phrase : {"裸聊", "裸\u200B聊", "成人視頻", "ｆｒｅｅ ｐｏｒｎ",
                             "free\u00A0porn", "fr\u00ADee porn", "激情視頻"}) {
    const std::string text = std::string("看 ") + phrase + " 吧";
    const auto hits = lexicon.find(text);
    ASSERT_FALSE(hits.empty()) << phrase;
    EXPECT_EQ(text.substr(hits[0].begin, hits[0].end - hits[0].begin), phrase);
  }
}

TEST(SafetyScorer, KnowsPagesOfLotteriesAndBettingAndNotNewsOfThem) {
  const auto illegal = [](std::string_view text, std::string_view title = "") {
    return scorer().score(text, title).of(SafetyClass::illegal_activities).value();
  };
  EXPECT_GT(illegal("平特一肖，三肖六码，尽在六合宝典。"), 0.5);
  EXPECT_GT(illegal("太阳城娱乐最高返水，永利娱乐代理最高占成。"), 0.5);
  EXPECT_GT(illegal("加计划群，幸运飞艇精准计划带你倍投。"), 0.5);
  EXPECT_GT(illegal("不锈钢精密铸造件系列，管阀类铸件。", "跑狗图_马会论坛_主页"), 0.5);
  for (const char* news :
       {"警方打击网络博彩，三人被捕。", "双色球今晚开奖，开奖结果和开奖号码将在电视上公布。",
        "澳门威尼斯人度假村和澳门美高梅酒店本周开放。", "银河娱乐集团公布中期业绩。",
        "他准备申博，导师建议先读硕士。", "福利彩票中心公布本期销售额。",
        "网点现金不足，请到其他网点办理体验金融服务。"}) {
    EXPECT_LT(illegal(news), 0.5) << news;
  }
}

}  // namespace
}  // namespace aludel::safety
