#include "aludel/text/language.h"

#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>

#include "tests/shared_data.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/text/language/fasttext_model.h"
#include "aludel/text/normalise.h"

namespace aludel::text {
namespace {

// lid.176.ftz; none without the shared data.
std::optional<FastTextModel> lid_model() {
  const std::string path = shared_data("models/lid.176.ftz");
  if (path.empty()) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  return FastTextModel::from_bytes(bytes).value();
}

TEST(LanguageGuess, TellsCommonLanguages) {
  struct Case {
    std::string_view text;
    std::string_view language;
    std::string_view script;
  };

  const Case cases[] = {
      {"The weather was fine and we decided to walk along the river before dinner.", "en", "Latn"},
      {"Das Wetter war schön, und wir beschlossen, vor dem Abendessen spazieren zu gehen.", "de",
       "Latn"},
      {"Погода была хорошая, и мы решили прогуляться вдоль реки перед ужином.", "ru", "Cyrl"},
      {"今天天气很好，我们决定在晚饭以前去河边散步。", "zh", "Hans"},
      {"今天天氣很好，我們決定在晚飯以前去河邊散步，這個時候來的人還不多。", "zh", "Hant"},
      {"今日は天気がよかったので、夕食の前に川沿いを散歩することにしました。", "ja", "Jpan"},
      {"오늘은 날씨가 좋아서 저녁 식사 전에 강가를 산책하기로 했습니다.", "ko", "Kore"},
      {"วันนี้อากาศดีเราจึงตัดสินใจไปเดินเล่นริมแม่น้ำก่อนอาหารเย็น", "th", "Thai"},
      {"كان الطقس جميلا فقررنا أن نتمشى على ضفة النهر قبل العشاء.", "ar", "Arab"},
  };
  for (const Case& one : cases) {
    const LanguageGuess guess = guess_language(one.text);
    EXPECT_EQ(guess.language, one.language) << one.text;
    EXPECT_EQ(guess.script, one.script) << one.text;
    EXPECT_GT(guess.confidence, 0.65) << one.text;
    EXPECT_LE(guess.confidence, 1.0) << one.text;
  }
}

TEST(LanguageGuess, LeavesCodeAddressesAndNamesOutOfPagesInChineseAndJapanese) {
  const std::string prose =
      "使用之前需要先安装依赖，然后把下面的代码保存为文件并运行，就可以看到水位的变化曲线。\n";
  const std::string python =
      "import numpy as np\n\ndef level(t, rain):\n    for i in range(1, len(t)):\n"
      "        x[i] = x[i - 1] + rain[i]\n    return x\nplt.plot(t, level(t, rain))\n"
      "plt.xlabel(\"time in days\")\n";
  const std::string shell =
      "pip install requests\nsudo apt-get install -y nginx\ngit clone "
      "https://example.com/a/b.git\n";
  const std::string java =
      "public class Main {\n  public static void main(String[] args) {\n"
      "    System.out.println(\"Hello, world\");\n  }\n}\n";
  const std::string trace =
      "Exception in thread \"main\" java.net.ConnectException: Connection refused\n"
      "\tat java.net.PlainSocketImpl.socketConnect(PlainSocketImpl.java:350)\n"
      "\tat com.example.app.Main.main(Main.java:12)\n";
  for (const std::string& text :
       {prose + python, prose + python + python, prose + shell, java + prose, prose + trace,
        std::string(
            "本文介绍 Kubernetes、Docker 与 OpenTelemetry 的安装，并比较 Helm 与 Kustomize。"),
        std::string(
            "第一篇：水车的历史 https://www.example.com/2024/05/water-mill-history.html\n"
            "第二篇：水车的维护 https://www.example.com/2024/05/water-mill-upkeep.html\n")}) {
    const LanguageGuess guess = guess_language(text);
    EXPECT_EQ(guess.language, "zh") << text;
    EXPECT_GE(guess.confidence, 0.65) << text;
  }
  const LanguageGuess japanese = guess_language(
      "この記事では Kubernetes と Docker のインストール方法を説明し、Helm と Kustomize "
      "を比較します。\n" +
      python);
  EXPECT_EQ(japanese.language, "ja");
  EXPECT_GE(japanese.confidence, 0.65);
}

TEST(LanguageGuess, LeavesPagesInLatinLettersThatQuoteChineseAlone) {
  EXPECT_EQ(guess_language("The word for library is written 图书馆 in Chinese, and it is read as "
                           "tushuguan; the sign stands over the door of every one of them.")
                .language,
            "en");
  EXPECT_NE(guess_language("Docker Kubernetes Prometheus Grafana Terraform Ansible Jenkins 中文")
                .language,
            "zh");
}

TEST(LanguageGuess, NamesTheSharesOfAMixedText) {
  const std::string english =
      "The library opens at nine. Readers may take up to ten books home, and keep them for four "
      "weeks before they have to bring them back.\n";
  const std::string chinese = "图书馆上午九点开门，读者每次可以借十本书，四个星期以后归还。\n";
  for (const std::string& text :
       {english + chinese + chinese, english + chinese, english + english + chinese}) {
    const LanguageGuess guess = guess_language(text);
    ASSERT_EQ(guess.others.size(), 1U) << text;
    EXPECT_NE(guess.language, guess.others[0].language);
    EXPECT_GE(guess.confidence, guess.others[0].share);
    EXPECT_GT(guess.confidence + guess.others[0].share, 0.9);
    EXPECT_LE(guess.confidence + guess.others[0].share, 1.01);
  }
}

TEST(LanguageGuess, IsUnsureOfWhatIsNoText) {
  EXPECT_EQ(guess_language("").language, "und");
  EXPECT_EQ(guess_language("1234 5678 -- 90 / 12").confidence, 0);
  EXPECT_LT(guess_language("xkq zzv qwp vvk zzx kqj").confidence, 0.65);
}

TEST(LanguageGuess, ReadsStartMiddleAndEndOfLongTexts) {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    text += "The committee met again on Tuesday to discuss the budget of the library. ";
  }
  EXPECT_EQ(guess_language(text).language, "en");
  std::string mixed = text;
  for (int i = 0; i < 1200; ++i) {
    mixed += "委员会星期二再次开会，讨论图书馆的预算。";
  }
  const LanguageGuess guess = guess_language(mixed);
  EXPECT_EQ(guess.language, "zh");
  EXPECT_LT(guess.confidence, 0.9);
}

// The other model is often sure and wrong about languages it does not know, so only those that the
// cascade asks for are compared.
TEST(LanguageGuess, AgreesWithFastTextOnEnglishAndChinese) {
  const std::string path = shared_data("gold/lid176_top3.jsonl");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  std::ifstream file(path);
  int asked = 0;
  int found = 0;
  int others = 0;
  for (std::string line; std::getline(file, line);) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row);
    const Json::Array& top = row.value().find("top3")->as_array()[0].as_array();
    const LanguageGuess guess = guess_language(row.value().string_or("text", ""));
    const bool wanted =
        guess.confidence >= 0.65 && (guess.language == "en" || guess.language == "zh");
    if (top[1].as_number() < 0.65) continue;
    const bool is_asked = top[0].as_string() == "en" || top[0].as_string() == "zh";
    asked += is_asked ? 1 : 0;
    found += is_asked && wanted && guess.language == top[0].as_string() ? 1 : 0;
    others += !is_asked && wanted ? 1 : 0;
  }
  EXPECT_GE(asked, 30);
  EXPECT_GE(found * 100, asked * 95) << found << " of " << asked;
  EXPECT_EQ(others, 0);
}

// What the lines of the gold file are written in, by hand; lines in a language that neither model
// knows (most of them verses of the Bible), code and signs are not listed: they are "und".
std::string language_of_gold_line(int line) {
  static const std::map<int, std::string> languages = {
      {8, "vo"},   {11, "zh"},  {14, "zh"},   {17, "haw"}, {18, "et"},  {25, "am"},
      {28, "su"},  {30, "zh"},  {47, "vi"},   {48, "tt"},  {53, "scn"}, {54, "hsb"},
      {56, "pa"},  {57, "sd"},  {58, "es"},   {59, "el"},  {60, "is"},  {104, "en"},
      {105, "en"}, {106, "en"}, {113, "syr"}, {116, "ca"}, {117, "ru"}, {119, "en"},
      {120, "en"}, {121, "en"}, {122, "en"},  {127, "en"}, {128, "en"}};
  if (line >= 61 && line <= 82) return "zh";
  if (line >= 83 && line <= 100) return "en";
  const auto found = languages.find(line);
  return found == languages.end() ? "und" : found->second;
}

struct GoldScore {
  int decided = 0;  // the language where the guess is sure (0.65, the layer's default), else "und"
  int named = 0;    // the guess whatever its confidence, over lines in a known language

  void count(const std::string& expected, const std::string& guess, double confidence) {
    decided += expected == (confidence >= 0.65 ? guess : "und") ? 1 : 0;
    named += expected != "und" && expected == guess ? 1 : 0;
  }
};

// Accuracy is counted in two ways, and in both the combined guess may lose at most half a point of
// a hundred against the model alone.
TEST(LanguageGuess, IsAsRightAsTheWholeModel) {
  const std::string gold = shared_data("gold/lid176_top3.jsonl");
  const auto model = lid_model();
  if (gold.empty() || !model) GTEST_SKIP() << "no shared data";
  GoldScore combined;
  GoldScore whole;
  int lines = 0;
  int languages = 0;
  std::ifstream file(gold);
  for (std::string line; std::getline(file, line);) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row);
    const std::string expected = language_of_gold_line(++lines);
    languages += expected != "und" ? 1 : 0;
    const Json::Array& top = row.value().find("top3")->as_array()[0].as_array();
    whole.count(expected, top[0].as_string(), top[1].as_number());
    const LanguageGuess guess = guess_language(row.value().string_or("text", ""), &model.value());
    combined.count(expected, guess.language, guess.confidence);
  }
  EXPECT_EQ(lines, 129);
  EXPECT_GE(combined.decided, whole.decided - 0.005 * lines);
  EXPECT_GE(combined.named, whole.named - 0.005 * languages);
  RecordProperty("combined_decided", combined.decided);
  RecordProperty("whole_decided", whole.decided);
  RecordProperty("combined_named", combined.named);
  RecordProperty("whole_named", whole.named);
}

// The sample stands for the text: on real pages it names the language that the model finds in all
// of it.
TEST(LanguageGuess, ReadsInASampleWhatTheWholeTextSays) {
  const std::string pages = shared_data("text/en/c4_demo.jsonl");
  const auto model = lid_model();
  if (pages.empty() || !model) GTEST_SKIP() << "no shared data";
  int documents = 0;
  int same = 0;
  std::ifstream file(pages);
  for (std::string line; std::getline(file, line); ++documents) {
    const auto row = parse_json(line);
    ASSERT_TRUE(row);
    const std::string text = row.value().string_or("text", "");
    const auto whole = model.value().predict(text, 1);
    ASSERT_EQ(whole.size(), 1U);
    same += guess_language(text).language == whole[0].label ? 1 : 0;
  }
  EXPECT_GE(documents, 300);
  EXPECT_GE(same * 1000, documents * 995) << same << " of " << documents;
}

TEST(LanguageGuess, BelievesTheModelWhereCld2IsUnsure) {
  const auto model = lid_model();
  if (!model) GTEST_SKIP() << "no shared data";
  EXPECT_LT(guess_language("Жоффруа попугай").confidence, 0.65);
  const LanguageGuess asked = guess_language("Жоффруа попугай", &model.value());
  EXPECT_EQ(asked.language, "ru");
  EXPECT_GT(asked.confidence, 0.65);
  EXPECT_EQ(asked.script, "Cyrl");
  EXPECT_EQ(guess_language("1234 5678", &model.value()).language, "und");
}

TEST(TextNormalisation, GivesOneForm) {
  EXPECT_EQ(normalise_text("e\xCC\x81t\xC3\xA9"), "été");
  EXPECT_EQ(normalise_text("a  \r\nb\t\rc\x01"
                           "d\n\n\n\ne \n"),
            "a\nb\ncd\n\ne");
  EXPECT_EQ(normalise_text("\n\n  x\xE2\x80\xA8y\xC2\x85z\xC2\x80"), "  x\ny\nz");
  EXPECT_EQ(normalise_text(" \n\t \n"), "");
  EXPECT_EQ(normalise_text("中文  \n日本"), "中文\n日本");
  EXPECT_EQ(normalise_text("e\x01\xCC\x81"), "é");
  const std::string once = normalise_text(" a \n\n\n b\r\n");
  EXPECT_EQ(normalise_text(once), once);
}

}  // namespace
}  // namespace aludel::text
