#include <string>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade.h"
#include "aludel/curate/layers/language/page_text.h"
#include "aludel/curate/layers/language/url_filter.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kEnglish =
    "The library opens at nine. Readers may take up to ten books home, and keep them for four "
    "weeks "
    "before they have to bring them back or ask for more time.";

class LanguageLayerTest : public ::testing::Test {
 protected:
  Verdict judge(Document& document, const Json& settings = Json::object()) {
    return find_layer("language").value()->make(settings, context_).value()->judge(document);
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

TEST_F(LanguageLayerTest, RespectsConsent) {
  const std::string raw = "<meta name=robots content=noai><p>" + std::string(kEnglish);
  Document document = page(raw);
  EXPECT_EQ(judge(document).reason, "no_consent");
  Json settings = Json::object();
  settings["respect_consent"] = false;
  Document again = page(raw);
  EXPECT_NE(judge(again, settings).reason, "no_consent");
}

TEST_F(LanguageLayerTest, BlocksUrlsBeforeAllElse) {
  Document document = page("<p>" + std::string(kEnglish));
  document.url = "http://www.example.com/casino/bonus";
  EXPECT_EQ(judge(document).reason, "blocked_url");
  EXPECT_TRUE(document.text.empty());
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

TEST(UrlFilterWords, BlockByKind) {
  const UrlFilter urls(2);
  EXPECT_EQ(urls.blocked_reason("https://freepornsite.example/x"), "blocked_url");
  EXPECT_EQ(urls.blocked_reason("https://example.org/sex/1"), "blocked_url");
  EXPECT_EQ(urls.blocked_reason("https://essex.example.org/council"), "");
  EXPECT_EQ(urls.blocked_reason("https://example.org/adult-education"), "");
  EXPECT_EQ(urls.blocked_reason("https://example.org/hot-teens"), "blocked_url");
  EXPECT_EQ(urls.blocked_reason("docs/casino.html"), "");
  EXPECT_EQ(urls.blocked_reason(""), "");
}

TEST(UrlFilterWords, AreReadFromLists) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const std::string domains = folder.path() + "/domains";
  const std::string words = folder.path() + "/words";
  ASSERT_TRUE(io::write_file(files, domains, "# list\nbad.example\n.worse.example  \n"));
  ASSERT_TRUE(
      io::write_file(files, words, "strict qqq\nhard lemon # sour\nsoft apple\nsoft pear\n"));
  UrlFilter urls(2);
  ASSERT_TRUE(urls.add_domains(files, domains));
  ASSERT_TRUE(urls.add_words(files, words));
  EXPECT_EQ(urls.blocked_reason("http://user@www.BAD.example:80/a"), "blocked_domain");
  EXPECT_EQ(urls.blocked_reason("http://worse.example./"), "blocked_domain");
  EXPECT_EQ(urls.blocked_reason("http://notbad.example/"), "");
  EXPECT_EQ(urls.blocked_reason("http://a.org/xqqqx"), "blocked_url");
  EXPECT_EQ(urls.blocked_reason("http://a.org/lemon"), "blocked_url");
  EXPECT_EQ(urls.blocked_reason("http://a.org/lemons"), "");
  EXPECT_EQ(urls.blocked_reason("http://a.org/apple"), "");
  EXPECT_EQ(urls.blocked_reason("http://apple.org/pear"), "blocked_url");
  ASSERT_TRUE(io::write_file(files, words, "hard\n"));
  const Status wrong = urls.add_words(files, words);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("line 1"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
