#include "aludel/text/html/region.h"

#include <string>

#include <gtest/gtest.h>

#include "aludel/text/html/comment_heading.h"
#include "aludel/text/html/extract.h"

namespace aludel::text::html {
namespace {

constexpr const char* kArticleText =
    "<h1>The river rose in the night</h1>"
    "<p>The river rose by two metres in the night, and the lower town was under water before the "
    "first boats arrived at the market, the mayor said.</p>"
    "<p>By noon the water had reached the steps of the church, where forty people had found a dry "
    "place, and the fire brigade brought them bread and blankets.</p>";

std::string page_with(const std::string& behind) {
  return "<html><body><div id=main><div class=story>" + std::string(kArticleText) + "</div>" +
         behind + "</div></body></html>";
}

std::string text_of(const std::string& page, Comments comments = Comments::drop) {
  return extract_page(page, TextForm::plain, Markup::html, comments).text;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string many_comments() {
  std::string comments = "<div id=comments><h3>3 Comments</h3>";
  for (int i = 0; i < 12; ++i) {
    comments += "<div class=comment><div class=user>reader" + std::to_string(i) +
                "</div><div class=content><p>I was there in the old days, too, and it never came "
                "as high as this; somebody must have left the gates open, number " +
                std::to_string(i) + ".</p><p>So sad.</p></div></div>";
  }
  return comments +
         "<form><p>Be polite, or we shall delete what you have written here, all of "
         "it and at once.</p></form></div>";
}

TEST(Regions, CommentsThatOutweighTheirArticleAreLeftOut) {
  const std::string text = text_of(page_with(many_comments()));
  EXPECT_TRUE(has(text, "The river rose by two metres")) << text;
  EXPECT_TRUE(has(text, "steps of the church")) << text;
  EXPECT_FALSE(has(text, "old days")) << text;
}

// Forums put all answers into an element named "replies"; each is laid out as the question is.
TEST(Regions, RepliesThatLookLikeTheQuestionAreTheThread) {
  const auto post = [](const std::string& body, const std::string& marks) {
    return "<article class=message><div class=message-user><span class=username>jo</span></div>"
           "<div class='message-content author-content'><div class=post-content" +
           marks + "><div>" + body + "</div></div></div></article>";
  };
  const std::string question =
      "I try to set a range of cells by the name of its sheet, and whatever I write the program "
      "stops with an error that says nothing; what is the right way to name the cells of a sheet "
      "that is not the one in front, so that a macro can be started from anywhere?";
  std::string page = "<html><body><div id=main><h1>Ranges of another sheet</h1>" +
                     post(question, "") + "<div class=replies>";
  for (int i = 0; i < 3; ++i) {
    page += post(
        "You have to name the sheet before both of the cells, since otherwise each of "
        "them is one of the sheet in front, and a range cannot have two sheets, answer " +
            std::to_string(i) + ".",
        " itemprop=text");
  }
  const std::string text = text_of(page + "</div></div></body></html>");
  EXPECT_TRUE(has(text, "so that a macro can be started")) << text;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(has(text, "answer " + std::to_string(i) + ".")) << i << text;
  }
}

TEST(Regions, CommentsAreKeptWhereTheSettingSaysSo) {
  const std::string text = text_of(page_with(many_comments()), Comments::keep);
  EXPECT_TRUE(has(text, "The river rose by two metres")) << text;
  for (int i = 0; i < 12; ++i) {
    EXPECT_TRUE(has(text, "number " + std::to_string(i) + ".")) << i << text;
  }
  EXPECT_TRUE(has(text, "So sad.")) << text;
  EXPECT_FALSE(has(text, "Be polite")) << text;
}

TEST(Regions, PostsOfAThreadAreKeptUnderBothSettings) {
  std::string thread = "<html><body><h1>Water in the cellar</h1><div class=thread>";
  for (int i = 0; i < 6; ++i) {
    thread +=
        "<div class=post><div class=poster>Joined: 2011</div><div class=postbody><p>The pump "
        "ran all night and the water still stands a hand high in the cellar, so I have bought "
        "a second one, number " +
        std::to_string(i) + ".</p></div></div>";
  }
  thread += "</div></body></html>";
  for (const Comments comments : {Comments::drop, Comments::keep}) {
    const std::string text = text_of(thread, comments);
    for (int i = 0; i < 6; ++i) {
      EXPECT_TRUE(has(text, "number " + std::to_string(i) + ".")) << i << text;
    }
  }
}

TEST(Regions, APageThatIsNamedAsCommentsIsStillRead) {
  const std::string text = text_of("<html><body><div class='post comments-open'>" +
                                   std::string(kArticleText) + "</div></body></html>");
  EXPECT_TRUE(has(text, "steps of the church")) << text;
}

TEST(Regions, ListsOfOtherStoriesWithTheirFirstWordsAreLeftOut) {
  std::string list = "<div><ul>";
  for (int i = 0; i < 6; ++i) {
    list += "<li><a href=/" + std::to_string(i) +
            ">Minister opens a new bridge over the old river</a><span>CAPITAL: The minister for "
            "works, who has been in office since spring, has opened a new bridge over the river, "
            "and said that the old one...</span></li>";
  }
  const std::string text = text_of(page_with(list + "</ul></div>"));
  EXPECT_TRUE(has(text, "steps of the church")) << text;
  EXPECT_FALSE(has(text, "CAPITAL")) << text;
}

TEST(Regions, AListOfLinksInTheArticleIsNoListOfTeasers) {
  std::string list = "<ul>";
  for (int i = 0; i < 4; ++i) {
    list += "<li><a href=/" + std::to_string(i) +
            ">The report of the engineers</a> says that the dam was never meant to hold more than "
            "it held last year, and names those who knew.</li>";
  }
  std::string page = page_with("");
  page.replace(page.find("<p>By noon"), 0, list + "</ul>");
  EXPECT_TRUE(has(text_of(page), "says that the dam was never meant")) << text_of(page);
}

TEST(Regions, NoticesInTheFootOfThePageAreLeftOut) {
  const std::string text = text_of(
      page_with("</div><footer><div>Most stock quote data is provided by the exchange itself. "
                "Market indices are shown in real time, except for those that are delayed by two "
                "minutes, and all times are of the capital.</div></footer><div>"));
  EXPECT_TRUE(has(text, "steps of the church")) << text;
  EXPECT_FALSE(has(text, "stock quote")) << text;
}

TEST(CommentHeading, KnowsHeadingsInSeveralLanguages) {
  for (const char* line :
       {"12 Comments", "Comments (3)", "Leave a Reply", "1 Kommentar", "Kommentare", "Commentaires",
        "网友评论", "3条评论", "One more comment 2"}) {
    EXPECT_EQ(is_comment_heading(line), std::string(line) != "One more comment 2") << line;
  }
  EXPECT_FALSE(is_comment_heading("Comment"));
  EXPECT_FALSE(is_comment_heading("The minister's comment on the bridge"));
  EXPECT_FALSE(is_comment_heading(""));
  EXPECT_FALSE(is_comment_heading("---"));
}

}  // namespace
}  // namespace aludel::text::html
