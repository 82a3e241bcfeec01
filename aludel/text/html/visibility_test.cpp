#include "aludel/text/html/visibility.h"

#include <string>

#include "tests/page_blocks.h"
#include <gtest/gtest.h>

#include "aludel/text/html/extract.h"

namespace aludel::text::html {
namespace {

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Paragraphs of a made-up article, each with words of its own.
std::string boat_paragraphs(int count, int first = 0) {
  std::string html;
  for (int i = first; i < first + count; ++i) {
    const std::string number = std::to_string(i);
    html += "<p>Paragraph " + number + " tells how boat " + number + " was tarred in spring " +
            number + ", before ice " + number + " had left the bay, and who of the " + number +
            " owners paid for the tar.</p>";
  }
  return html;
}

TEST(HiddenText, IsLeftOutBesideVisibleText) {
  const std::string text =
      all_text(boat_paragraphs(4) +
               "<div style='display:none'><p>An error message that a script shows when the "
               "caption of the picture is not understood.</p></div>");
  EXPECT_TRUE(holds(text, "Paragraph 3"));
  EXPECT_FALSE(holds(text, "error message"));
}

TEST(HiddenText, IsShownWhereItIsMostOfThePage) {
  for (const std::string_view attribute :
       {"style='visibility: hidden; opacity: 0; '", "style='display:none !important'", "hidden",
        "style='color:red;\n DISPLAY : None'", "style='position:absolute;left:-9999px'",
        "aria-hidden=true", "hidden='until-found'", "style='visibility:collapse'"}) {
    for (const std::string_view tag : {"div", "article", "main", "section", "td"}) {
      const std::string open = "<" + std::string(tag) + " " + std::string(attribute) + ">";
      const std::string close = "</" + std::string(tag) + ">";
      const std::string text = all_text("<table><tr>" + open + boat_paragraphs(5) + close +
                                        "</table><p>We use cookies to make this page better.");
      EXPECT_TRUE(holds(text, "Paragraph 0") && holds(text, "Paragraph 4")) << open;
    }
    const std::string body = "<body class='modal-open' " + std::string(attribute) + ">";
    EXPECT_TRUE(holds(all_text(body + boat_paragraphs(5)), "Paragraph 4")) << body;
  }
}

TEST(HiddenText, IsShownWhereAPageFoldsMostOfItsArticle) {
  const std::string text =
      all_text(boat_paragraphs(1) + "<div class='read-more-content' style='display:none'>" +
               boat_paragraphs(5, 10) + "</div><dl><dt>One?<dd hidden>" + boat_paragraphs(1, 20) +
               "<dt>Two?<dd hidden>" + boat_paragraphs(1, 30) + "</dl>");
  for (const std::string_view part : {"Paragraph 0", "Paragraph 14", "Paragraph 20"}) {
    EXPECT_TRUE(holds(text, part)) << part << text;
  }
}

TEST(HiddenText, StaysHiddenInMenusAndDialogs) {
  for (const std::string_view open :
       {"<div class=cookie-consent style='display:none'>", "<dialog>", "<nav hidden>",
        "<div class='modal fade' aria-hidden=true>", "<div id=login-popup hidden>",
        "<div role=dialog style='visibility:hidden'>", "<footer><div hidden>",
        "<div hidden>{\"data\": "}) {
    const std::string text = all_text(
        "<p>A short page that says what there is to say, and no "
        "more than that.</p>" +
        std::string(open) + boat_paragraphs(6) + "</div></nav></dialog>");
    EXPECT_TRUE(holds(text, "A short page"));
    EXPECT_FALSE(holds(text, "Paragraph")) << open;
  }
  EXPECT_TRUE(holds(all_text("<dialog open>" + boat_paragraphs(3) + "</dialog>"), "Paragraph 2"));
}

TEST(HiddenText, StaysHiddenWhereItIsACopyOfTheVisibleText) {
  std::string copy = boat_paragraphs(5);
  for (std::size_t at = copy.find("<p>"); at != std::string::npos; at = copy.find("<p>", at)) {
    copy.replace(at, 3, "COPY ");
  }
  const std::string hidden = "<div style='display:none'>" + copy + "</div>";
  EXPECT_FALSE(holds(all_text(boat_paragraphs(5) + hidden + hidden), "COPY"));
}

TEST(HiddenText, InsideOfHiddenTextIsJudgedByItself) {
  const std::string text =
      all_text("<body style='display:none'>" + boat_paragraphs(6) +
               "<div hidden><p>This browser is too old for the page that you have asked it "
               "for.</div>");
  EXPECT_TRUE(holds(text, "Paragraph 5"));
  EXPECT_FALSE(holds(text, "too old"));
}

TEST(HiddenText, IsTheMainTextOfAPageThatWaitsForItsScript) {
  const std::string page =
      "<html><body><nav><a href=/>Home</a></nav><div id=js_article><h1>Boats</h1><div "
      "class='rich_media_content' id=js_content style='visibility: hidden;'>" +
      boat_paragraphs(6) + "</div></div><footer><p>Copyright by the harbour office.</p></footer>";
  const std::string text = extract_page(page).text;
  EXPECT_TRUE(holds(text, "Paragraph 0") && holds(text, "Paragraph 5")) << text;
  EXPECT_FALSE(holds(text, "Copyright"));
}

TEST(AriaHidden, HidesNothingFromEyes) {
  EXPECT_EQ(all_text("<div aria-hidden=true><p>a</p>b</div>"), "a\n\nb");
  EXPECT_EQ(all_text("<p>It costs <span aria-hidden='true'>five euros</span> today"),
            "It costs five euros today");
}

TEST(AriaHidden, HidesIconsAndWhatScreenReadersHaveAnotherTextFor) {
  EXPECT_EQ(all_text("<h2>Title<a class=anchor aria-hidden=true href=#t>¶</a></h2>"), "Title");
  EXPECT_EQ(all_text("<p><i class=icon aria-hidden=true>arrow_back</i> back"), "back");
  EXPECT_EQ(all_text("<p><span class=sr-only>five euros</span><span aria-hidden=true>5 €</span>"),
            "five euros");
}

TEST(HoverCards, AreNoTextOfTheSentence) {
  const std::string card =
      "<span class=card><span><img src=a><a href=/a>Ada Berg</a><a href=/b>Berg votes no</a> "
      "<a href=/c>What Berg said on Monday</a></span></span>";
  EXPECT_EQ(all_text("<p>Mayor <span><a href=/a>Ada Berg</a>" + card + "</span> spoke first"),
            "Mayor Ada Berg spoke first");
}

TEST(HoverCards, AreNoPicturesWithOneLinkNorTextByThemselves) {
  EXPECT_EQ(all_text("<p>Mayor <span><img src=a><a href=/a>Ada Berg</a></span> spoke"),
            "Mayor Ada Berg spoke");
  EXPECT_EQ(all_text("<p>See <span><img src=a><a href=/a>one</a> and <a href=/b>two</a></span>"),
            "See one and two");
  EXPECT_EQ(all_text("<p><span><img src=a><a href=/a>one</a> <a href=/b>two</a></span> here"),
            "one two here");
  EXPECT_EQ(all_text("<p>See<div><span><img src=a><a href=/a>one</a> <a href=/b>two</a></span>"),
            "See\n\none two");
}

TEST(Noscript, IsTheTextOfAPageWithoutAny) {
  const std::string text =
      all_text("<body><div id=root></div><noscript>" + boat_paragraphs(5) + "</noscript>");
  EXPECT_TRUE(holds(text, "Paragraph 4"));
  EXPECT_TRUE(holds(all_text("<html><head><title>t</title></head><body><noscript><div>" +
                             boat_paragraphs(4) + "</noscript><p>tail"),
                    "tail"));
}

TEST(Noscript, IsNoTextBesideSome) {
  EXPECT_FALSE(holds(
      all_text(boat_paragraphs(5) + "<noscript><p>Boats " + boat_paragraphs(2) + "</noscript>"),
      "<p>Boats"));
  EXPECT_EQ(all_text("<p>a<noscript>Please turn scripts on to see this page.</noscript>"), "a");
  EXPECT_EQ(all_text("<p>a<noscript><img src='" + std::string(400, 'x') + "'></noscript>"), "a");
}

TEST(ShadowRoots, AreWhatTheirHostShows) {
  for (const std::string_view open :
       {"<template shadowrootmode=open>", "<template shadowrootmode='closed'>",
        "<TEMPLATE ShadowRootMode=\"open\" shadowrootclonable>", "<template shadowroot=open>"}) {
    EXPECT_EQ(all_text("<my-page>" + std::string(open) + "<p>in</p></template></my-page><p>out"),
              "in\n\nout");
  }
  EXPECT_EQ(all_text("<template><p>in</p></template><p>out"), "out");
}

}  // namespace
}  // namespace aludel::text::html
