#include "aludel/text/page/page_text.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::text {
namespace {

const std::string kParagraphs =
    "<p>The ferry leaves at nine in the morning, and again at four, when the tide is high enough "
    "to carry it over the bar.</p><p>In winter it stays in the harbour, and the island is fed by "
    "a boat with oars, as it was in the days of the monks.</p>";

TEST(PageText, ReadsHtmlWithoutAnHtmlElement) {
  for (const std::string& page : {kParagraphs, "<!-- from an editor -->" + kParagraphs,
                                  "<article class=post>" + kParagraphs + "</article>",
                                  "<?xml version='1.0'?><!-- a --><html><body>" + kParagraphs}) {
    for (const std::string_view type : {"", "text/html", "application/octet-stream"}) {
      const PageText read = page_text(page, type);
      EXPECT_NE(read.text.find("The ferry leaves"), std::string::npos) << type << page;
      EXPECT_EQ(read.text.find("<p>"), std::string::npos) << type << page;
    }
  }
}

TEST(PageText, GivesTheMetadataThatThePageStates) {
  const PageText page = page_text(
      "<html><head><meta name=author content='Ann Other'>"
      "<meta name=date content=2019-11-18></head><body>" +
          kParagraphs,
      "text/html");
  EXPECT_EQ(page.metadata.dump(), R"({"author":"Ann Other","date":"2019-11-18"})");
  EXPECT_EQ(page_text(kParagraphs, "text/html").metadata.dump(), "{}");
}

TEST(PageText, StatesNoControlCharacters) {
  const std::string title("a\0b\x01 c\x1B[31m\xC2\x85 d\x7F", 16);
  const PageText page = page_text("<title>" + title + "</title>" + kParagraphs, "text/html");
  EXPECT_EQ(page.notes.string_or("title", ""), "ab c[31m d");
  EXPECT_EQ(page.metadata.string_or("title", ""), "ab c[31m d");
}

TEST(PageText, KeepsCommentsWhereAskedTo) {
  const std::string page = "<html><body><article>" + kParagraphs +
                           "</article><div id=comments><div class=comment><p>My grandfather rowed "
                           "that boat for forty winters.</p></div></div></body></html>";
  const auto kept = [&](html::Comments comments) {
    const PageText read = page_text(page, "text/html", TextForm::plain, comments);
    return read.text.find("My grandfather") != std::string::npos;
  };
  EXPECT_FALSE(kept(html::Comments::drop));
  EXPECT_TRUE(kept(html::Comments::keep));
}

TEST(PageText, LeavesPlainTextAsItIs) {
  EXPECT_EQ(page_text("<p align=center>A readme</p>", "text/plain").text,
            "<p align=center>A readme</p>");
  EXPECT_EQ(page_text("Use <p> for paragraphs.", "").text, "Use <p> for paragraphs.");
}

TEST(PageText, TakesAZeroByteInHtmlForAMistake) {
  const std::string page = "<html><body>" + std::string(1, '\0') + kParagraphs;
  EXPECT_NE(page_text(page, "text/html").text.find("The ferry"), std::string::npos);
  EXPECT_NE(page_text(page, "").text.find("The ferry"), std::string::npos);
  EXPECT_EQ(page_text(page, "").text.find('\0'), std::string::npos);
  const PageText other = page_text(std::string("a\0\1\2b", 5), "");
  EXPECT_EQ(other.text, "");
  EXPECT_EQ(other.not_text, "binary");
}

TEST(PageText, NamesWhatIsNoTextWhateverItIsCalled) {
  EXPECT_EQ(page_text("\x04\x22\x4D\x18 packed", "text/html").not_text, "lz4");
  EXPECT_EQ(page_text("\xFF\xD8\xFF\xE0 photo", "text/plain").not_text, "jpeg");
  EXPECT_EQ(page_text("{}", "application/json").not_text, "application/json");
  EXPECT_EQ(page_text("<?xml version='1.0'?><rss></rss>", "").not_text, "XML");
  EXPECT_EQ(page_text("\x04\x22\x4D\x18 packed", "text/html").notes.string_or("not_text", ""),
            "lz4");
}

TEST(PageText, ReadsXhtmlThatIsServedSoByTheRulesOfXml) {
  const std::string page =
      "<html xmlns='http://www.w3.org/1999/xhtml'><head><title/><script "
      "src='x.js'/><style/></head><body>" +
      kParagraphs + "</body></html>";
  EXPECT_NE(page_text(page, "application/xhtml+xml").text.find("The ferry"), std::string::npos);
  EXPECT_NE(page_text("<?xml version='1.0'?>" + page, "").text.find("The ferry"),
            std::string::npos);
  EXPECT_EQ(page_text(page, "text/html").text, "") << "HTML ends no <title/>";
}

}  // namespace
}  // namespace aludel::text
