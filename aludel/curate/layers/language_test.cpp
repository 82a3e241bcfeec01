#include <string>

#include "tests/run_layer.h"
#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kEnglish =
    "The library opens at nine. Readers may take up to ten books home, and keep them for four "
    "weeks "
    "before they have to bring them back or ask for more time.";

class LanguageLayerTest : public ::testing::Test {
 protected:
  Verdict judge(Document& document, const Json& settings = Json::object()) {
    const auto layer = find_layer("language").value()->make(settings, context_).value();
    return run_layer("language", *layer, document);
  }

  static Document page(std::string raw, std::string content_type = "text/html") {
    Document document;
    document.url = "https://example.org/page";
    document.raw = std::move(raw);
    document.content_type = std::move(content_type);
    return document;
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
  LayerContext context_{files_, "", 0, threads_};
};

TEST_F(LanguageLayerTest, ExtractsAndNamesTheLanguage) {
  Document document = page(
      "<html lang=en><title>Library</title><body><div class=nav><a href=/>Home</a>"
      "</div><div class=content><p>" +
      std::string(kEnglish) + "</p><p>" + std::string(kEnglish) +
      " Children have a room of their own.</p></div>");
  const Verdict verdict = judge(document);
  EXPECT_TRUE(verdict.keep) << verdict.reason;
  EXPECT_EQ(document.language, "en");
  EXPECT_TRUE(document.text.starts_with("The library opens")) << document.text;
  const Json* notes = document.annotations.find("language");
  ASSERT_NE(notes, nullptr);
  EXPECT_EQ(notes->string_or("title", ""), "Library");
  EXPECT_EQ(notes->string_or("script", ""), "Latn");
  EXPECT_EQ(notes->string_or("charset", ""), "utf-8");
  EXPECT_GT(notes->number_or("confidence", 0), 0.9);
}

TEST_F(LanguageLayerTest, DecodesTheServersCharset) {
  // "The weather is fine today, and we go for a walk by the river." in GBK, five times.
  std::string text;
  for (int i = 0; i < 5; ++i) {
    text +=
        "\xBD\xF1\xCC\xEC\xCC\xEC\xC6\xF8\xBA\xDC\xBA\xC3\xA3\xAC\xCE\xD2\xC3\xC7\xC8\xA5\xBA"
        "\xD3\xB1\xDF\xC9\xA2\xB2\xBD\xA1\xA3";
  }
  Document document = page(text, "text/plain; charset=GB2312");
  EXPECT_TRUE(judge(document).keep);
  EXPECT_EQ(document.language, "zh");
  EXPECT_TRUE(document.text.starts_with("今天天气很好，我们去河边散步。")) << document.text;
  EXPECT_EQ(document.annotations.find("language")->string_or("script", ""), "Hans");
  EXPECT_EQ(document.annotations.find("language")->string_or("charset", ""), "gbk");
}

TEST_F(LanguageLayerTest, DropsOtherLanguages) {
  Document document;
  document.text =
      "Die Bibliothek öffnet um neun Uhr. Leser dürfen zehn Bücher mit nach Hause nehmen.";
  Verdict verdict = judge(document);
  EXPECT_FALSE(verdict.keep);
  EXPECT_EQ(verdict.reason, "language");
  EXPECT_EQ(document.language, "de");
  Json settings = Json::object();
  settings["languages"].push_back("de");
  EXPECT_TRUE(judge(document, settings).keep);
  document.text = "xkq zzv qwp vvk zzx kqj";
  EXPECT_FALSE(judge(document).keep);
}

TEST_F(LanguageLayerTest, DropsWhatHasNoText) {
  Document empty = page("<nav><a href=1>Home</a></nav>");
  EXPECT_EQ(judge(empty).reason, "no_text");
  Document image = page(std::string("\x89PNG\0\0\0\r", 8), "image/png");
  EXPECT_EQ(judge(image).reason, "no_text");
}

TEST_F(LanguageLayerTest, LeavesNoTextOfWhatIsWithheldAlsoWhereTheSourceGaveIt) {
  Document given;
  given.url = "https://example.org/page";
  given.text = kEnglish;
  given.robots_tag = "noai";
  EXPECT_EQ(judge(given).reason, "noai");
  EXPECT_EQ(given.text, "");
  Document blocked;
  blocked.url = "http://www.example.com/togel/bonus";
  blocked.text = kEnglish;
  EXPECT_EQ(judge(blocked).reason, "hard_url_word");
  EXPECT_EQ(blocked.text, kEnglish);
}

TEST_F(LanguageLayerTest, LeavesWhatThePageStatesAsMetadata) {
  const std::string raw = "<title>The ferry</title><meta name=author content='Ann Other'>";
  Document document = page(raw + "<p>" + std::string(kEnglish));
  document.metadata["title"] = "of its record";
  ASSERT_TRUE(judge(document).keep);
  EXPECT_EQ(document.metadata.dump(),
            R"({"title":"of its record","title_":"The ferry","author":"Ann Other"})");
  Document withheld = page("<meta name=robots content=noai>" + raw + "<p>" + std::string(kEnglish));
  EXPECT_EQ(judge(withheld).reason, "noai");
  EXPECT_EQ(withheld.metadata.dump(), "{}");
}

TEST_F(LanguageLayerTest, RespectsConsent) {
  const std::string raw = "<meta name=robots content=noai><p>" + std::string(kEnglish);
  Document document = page(raw);
  EXPECT_EQ(judge(document).reason, "noai");
  Document by_header = page("<p>" + std::string(kEnglish));
  by_header.robots_tag = "otherbot: noindex, NoImageAI";
  EXPECT_EQ(judge(by_header).reason, "noimageai");
  Document reserved = page("<p>" + std::string(kEnglish));
  reserved.tdm_reservation = " 1";
  EXPECT_EQ(judge(reserved).reason, "tdm_reservation");
  Json settings = Json::object();
  settings["consent"] = Json::Array{"noimageai"};
  Document again = page(raw);
  EXPECT_NE(judge(again, settings).reason, "noai");
  reserved = page("<p>" + std::string(kEnglish));
  reserved.tdm_reservation = "1";
  EXPECT_TRUE(judge(reserved, settings).keep);
  settings["consent"] = Json::Array{"robots"};
  EXPECT_FALSE(find_layer("language").value()->make(settings, context_));
}

TEST_F(LanguageLayerTest, RespectsRobotsLists) {
  const TemporaryFolder folder;
  const std::string list = folder.path() + "/robots";
  ASSERT_TRUE(io::write_file(files_, list, "example.org/private/ # since May\nclosed.example\n"));
  Json settings = Json::object();
  settings["robots_lists"].push_back(list);
  const auto reason = [&](std::string url) {
    Document document;
    document.url = std::move(url);
    document.text = kEnglish;
    return judge(document, settings).reason;
  };
  EXPECT_EQ(reason("https://example.org/private/a"), "robots_list");
  EXPECT_EQ(reason("https://example.org/public/a"), "");
  EXPECT_EQ(reason("http://closed.example"), "robots_list");
  EXPECT_EQ(reason("http://www.closed.example/"), "");  // robots.txt holds for one host
}

TEST_F(LanguageLayerTest, RecordsTheFormOfHanAndConvertsIt) {
  Document document;
  document.text = "圖書館上午九點開門。讀者每次可以借十本書，四個星期以後歸還。";
  Document as_it_is = document;
  EXPECT_TRUE(judge(as_it_is).keep);
  EXPECT_EQ(as_it_is.annotations.find("language")->string_or("script", ""), "Hant");
  EXPECT_EQ(as_it_is.text, document.text);
  Json settings = Json::object();
  settings["han"] = "simplified";
  const auto layer = find_layer("language").value()->make(settings, context_);
  if (!layer) {
    EXPECT_EQ(layer.error().code, Code::unsupported);
    GTEST_SKIP() << layer.error().message;
  }
  EXPECT_TRUE(run_layer("language", *layer.value(), document).keep);
  EXPECT_EQ(document.text, "图书馆上午九点开门。读者每次可以借十本书，四个星期以后归还。");
  const Json* notes = document.annotations.find("language");
  EXPECT_EQ(notes->string_or("script", ""), "Hans");
  EXPECT_EQ(notes->string_or("converted_from", ""), "Hant");
}

TEST_F(LanguageLayerTest, ConvertsHanOfAnyConfidenceWhenAnnotating) {
  Json settings = Json::object();
  settings["han"] = "simplified";
  settings["languages"] = Json::Array{"en"};
  const LayerContext annotating{files_, "", 0, threads_, Purpose::annotate};
  const auto layer = find_layer("language").value()->make(settings, annotating);
  if (!layer) GTEST_SKIP() << layer.error().message;
  Document document;
  document.text = "圖書館上午九點開門。";
  EXPECT_FALSE(run_layer("language", *layer.value(), document).keep);
  EXPECT_EQ(document.text, "图书馆上午九点开门。");  // as it is where other settings keep it
}

TEST_F(LanguageLayerTest, ClearsGivenTextThatIsWithheldWhenAnnotating) {
  const LayerContext annotating{files_, "", 0, threads_, Purpose::annotate};
  const auto layer = find_layer("language").value()->make(Json::object(), annotating).value();
  Document document;
  document.text = kEnglish;
  document.tdm_reservation = "1";
  EXPECT_EQ(run_layer("language", *layer, document).reason, "tdm_reservation");
  EXPECT_TRUE(document.text.empty());
}

TEST_F(LanguageLayerTest, AsksTheModelWhereCld2IsUnsure) {
  const std::string model = shared_data("models/lid.176.ftz");
  if (model.empty()) GTEST_SKIP() << "no shared data";
  Json settings = Json::object();
  settings["languages"] = Json::Array{"ru"};
  Document document;
  document.text = "Жоффруа попугай";
  EXPECT_FALSE(judge(document, settings).keep);
  settings["lid_model"] = model;
  EXPECT_TRUE(judge(document, settings).keep);
  settings["lid_model"] = "/no/such/model";
  EXPECT_FALSE(find_layer("language").value()->make(settings, context_));
}

TEST_F(LanguageLayerTest, BlocksUrlsBeforeAllElse) {
  Document document = page("<p>" + std::string(kEnglish));
  document.url = "http://www.example.com/togel/bonus";
  EXPECT_EQ(judge(document).reason, "hard_url_word");
  EXPECT_TRUE(document.text.empty());
}

TEST_F(LanguageLayerTest, JudgesAPageWithASoftUrlWordByItsText) {
  const auto reason = [&](std::string url, std::string text, std::string title) {
    Document document = page("<title>" + title + "</title><p>" + std::string(kEnglish) + " " +
                             std::string(kEnglish) + "</p><p>" + text + "</p>");
    document.url = std::move(url);
    return judge(document).reason;
  };
  const std::string fine = "Lessons on health begin in the seventh year of school.";
  const std::string spam = "Watch free porn videos and naked girls, or meet horny singles tonight.";
  EXPECT_EQ(reason("https://example.org/sex-education-in-schools", fine, "Lessons"), "");
  EXPECT_EQ(reason("https://example.org/sex-education-in-schools", spam, "Lessons"),
            "soft_url_words");
  EXPECT_EQ(reason("https://example.org/hot-girls", fine, "Free porn videos, live sex"),
            "soft_url_words");
  EXPECT_EQ(reason("https://example.org/lessons", spam, "Lessons"), "");
  EXPECT_EQ(reason("https://example.org/hot-teen-girls-cam", fine, "Lessons"), "soft_url_words");
}

TEST_F(LanguageLayerTest, KeepsAPageInSeveralWantedLanguages) {
  const std::string chinese =
      "图书馆上午九点开门，读者每次可以借十本书，四个星期以后归还，儿童有自己的阅览室。";
  Document mixed;
  mixed.text =
      std::string(kEnglish) + "\n" + chinese + "\n" + std::string(kEnglish) + "\n" + chinese;
  Json one = Json::object();
  one["languages"] = Json::Array{"en"};
  Document in_one = mixed;
  EXPECT_FALSE(judge(in_one, one).keep);
  EXPECT_TRUE(judge(mixed).keep);
  EXPECT_EQ(mixed.language, "zh");
  const Json* others = mixed.annotations.find("language")->find("others");
  ASSERT_NE(others, nullptr);
  EXPECT_GT(others->number_or("en", 0), 0.3);
  // Another decision by what was noted.
  LayerContext by_notes = context_;
  by_notes.measures = false;
  const LayerSpec& spec = *find_layer("language").value();
  EXPECT_FALSE(spec.make(one, by_notes).value()->decide(mixed).keep);
  EXPECT_TRUE(spec.make(Json::object(), by_notes).value()->decide(mixed).keep);
}

TEST_F(LanguageLayerTest, AsksTheModelThatIsThere) {
  const TemporaryFolder models;
  const std::string path = io::join_path(models.path(), "lid.176.ftz");
  ASSERT_TRUE(io::write_file(files_, path, "no model"));
  const LayerContext context{files_, models.path(), 0, threads_};
  const auto make = find_layer("language").value()->make;
  const auto asked = make(Json::object(), context);
  ASSERT_FALSE(asked);
  EXPECT_NE(asked.error().message.find("lid.176.ftz"), std::string::npos) << asked.error().message;
  Json none = Json::object();
  none["lid_model"] = "none";
  EXPECT_TRUE(make(none, context));
}

TEST_F(LanguageLayerTest, RepairsWrongEncodingsBeforeItJudgesTheLanguage) {
  Json settings = Json::object();
  settings["languages"] = Json::Array{"fr", "it", "de", "es", "pl", "ru", "zh"};
  const std::pair<std::string_view, std::string_view> pages[] = {
      {"fr",
       "La bibliothÃ¨que ouvre Ã  neuf heures. Les lecteurs peuvent emprunter jusquâ€™Ã  dix "
       "livres, dÃ©jÃ  prÃªts Ã  lâ€™accueil, et les garder quatre semaines."},
      {"it",
       "La biblioteca apre alle nove. Chi verrÃ  potrÃ  prendere dieci libri, perchÃ© cosÃ¬ Ã¨ "
       "piÃ¹ facile, e la cittÃ  ne sarÃ  contenta."},
      {"de",
       "Die BÃ¼cherei Ã¶ffnet um neun Uhr. Leser dÃ¼rfen zehn BÃ¼cher fÃ¼r vier Wochen mitnehmen "
       "und mÃ¼ssen sie danach zurÃ¼ckgeben."},
      {"es",
       "La biblioteca abre a las nueve. Los niÃ±os tambiÃ©n tienen su salÃ³n, donde podrÃ¡n leer "
       "segÃºn su edad y llevar diez libros mÃ¡s."},
      {"pl",
       "Biblioteka jest otwarta od dziewiÄ…tej. KaÅ¼dy moÅ¼e wypoÅ¼yczyÄ‡ dziesiÄ™Ä‡ ksiÄ…Å¼ek na "
       "cztery tygodnie i musi je pÃ³Åºniej oddaÄ‡."},
      {"pl",
       "Biblioteka jest otwarta od dziewiÄ…tej. KaĹĽdy moĹĽe wypoĹĽyczyÄ‡ dziesiÄ™Ä‡ ksiÄ…ĹĽek na "
       "cztery tygodnie i musi je pĂłĹşniej oddaÄ‡."},
      {"ru",
       "Ð‘Ð¸Ð±Ð»Ð¸Ð¾Ñ‚ÐµÐºÐ° Ð¾Ñ‚ÐºÑ€Ñ‹Ð²Ð°ÐµÑ‚Ñ\u0081Ñ\u008F Ð² Ð´ÐµÐ²Ñ\u008FÑ‚ÑŒ "
       "Ñ‡Ð°Ñ\u0081Ð¾Ð². Ð§Ð¸Ñ‚Ð°Ñ‚ÐµÐ»Ð¸ Ð¼Ð¾Ð³ÑƒÑ‚ Ð²Ð·Ñ\u008FÑ‚ÑŒ Ð´Ð¾Ð¼Ð¾Ð¹ Ð´Ð¾ "
       "Ð´ÐµÑ\u0081Ñ\u008FÑ‚Ð¸ ÐºÐ½Ð¸Ð³ Ð½Ð° Ñ‡ÐµÑ‚Ñ‹Ñ€Ðµ Ð½ÐµÐ´ÐµÐ»Ð¸."},
      {"ru",
       "Р‘РёР±Р»РёРѕС‚РµРєР° РѕС‚РєСЂС‹РІР°РµС‚СЃСЏ РІ РґРµРІСЏС‚СЊ С‡Р°СЃРѕРІ. Р РѕСЃСЃРёСЏ Рё Р "
       "СЏР·Р°РЅСЊ."},
      {"zh",
       "å›¾ä¹¦é¦†ä¸Šå\u008Dˆä¹\u009Dç‚¹å¼€é—¨ï¼Œè¯»è€…æ¯\u008Fæ¬¡å\u008F¯ä»¥å€Ÿå\u008D\u0081æœ¬ä¹¦ï"
       "¼Œå››ä¸ªæ˜ŸæœŸä»¥å\u0090Žå½’è¿˜ã€‚"}};
  for (const auto& [language, broken] : pages) {
    Document document;
    document.text = broken;
    EXPECT_TRUE(judge(document, settings).keep) << document.text;
    EXPECT_EQ(document.language, language) << document.text;
    EXPECT_GT(document.annotations.find("language")->integer_or("mojibake_repaired", 0), 0);
    Json off = settings;
    off["repair_encoding"] = false;
    off["normalise"] = false;
    document.text = broken;
    judge(document, off);
    EXPECT_EQ(document.text, broken);
  }
}

TEST_F(LanguageLayerTest, NormalisesGivenText) {
  Document document;
  document.text = std::string(kEnglish) + "  \r\nCafe\xCC\x81 \x01tables stand in the hall.";
  EXPECT_TRUE(judge(document).keep);
  EXPECT_TRUE(document.text.ends_with("time.\nCafé tables stand in the hall.")) << document.text;
}

TEST_F(LanguageLayerTest, RefusesWrongSettings) {
  Json settings = Json::object();
  settings["min_confidence"] = 2.0;
  EXPECT_FALSE(find_layer("language").value()->make(settings, context_));
  Json missing = Json::object();
  missing["domain_lists"].push_back("/no/such/list");
  EXPECT_FALSE(find_layer("language").value()->make(missing, context_));
}

}  // namespace
}  // namespace aludel::curate
