#include "aludel/text/html/record.h"

#include <string>

#include <gtest/gtest.h>

#include "aludel/text/html/extract.h"

namespace aludel::text::html {
namespace {

std::vector<bool> settled(std::string_view html, std::vector<bool> chosen) {
  const Tree tree = parse_html(html);
  const std::vector<Block> blocks = blocks_of(tree);
  EXPECT_EQ(blocks.size(), chosen.size());
  settle_records(tree, blocks, chosen);
  return chosen;
}

std::string forum_post(std::string_view text) {
  return "<div class=post><div class=profile>Joined</div><div class=postbody>" + std::string(text) +
         "</div></div>";
}

TEST(Records, KeepTheTextOfAllWhereHalfOfThemHaveIt) {
  const std::string page =
      "<div>" + forum_post("a") + forum_post("b") + forum_post("c") + forum_post("d") + "</div>";
  EXPECT_EQ(settled(page, {false, true, false, false, false, true, false, false}),
            (std::vector<bool>{false, true, false, true, false, true, false, true}));
}

TEST(Records, LoseWhatIsTextInFewOfThem) {
  const std::string page = "<div>" + forum_post("a text of its own") + forum_post("another text") +
                           forum_post("a third text") + forum_post("d") + "</div>";
  EXPECT_EQ(settled(page, {true, true, false, true, false, true, false, false}),
            (std::vector<bool>{false, true, false, true, false, true, false, true}));
}

TEST(Records, AreNotParagraphsNorFewNorUnlike) {
  const std::vector<bool> chosen{true, true, false};
  EXPECT_EQ(settled("<div><p>a<p>b<p>c</div>", chosen), chosen);
  EXPECT_EQ(settled("<div><div><p>a</div><div><p>b</div><div class=ad><p>c</div></div>", chosen),
            chosen);
  const std::vector<bool> two{true, false};
  EXPECT_EQ(settled("<div><div><p>a</div><div><p>b</div></div>", two), two);
}

TEST(Records, KeepShortPostsOfAThread) {
  std::string page =
      "<html><body><nav><a href=/>Home</a><a href=/b>Boards</a></nav><div id=page>"
      "<h2><a href=t>Tar for boats</a></h2>";
  const std::string_view texts[] = {
      "Which tar do you use on an old boat that lies on the beach all winter, and how often?",
      "Pine tar, thinned with turpentine and linseed oil, twice a year and never in the rain.",
      "Twice? We do it once, in May, and our boat is older than anybody in the village.",
      "Pine.",
      "It depends on the wood. Larch takes less of it than spruce, and oak hardly any at all.",
      "Thanks, all."};
  int number = 0;
  for (const std::string_view text : texts) {
    ++number;
    page += "<article class=message><div class=message-user><h4><a href=u>skipper" +
            std::to_string(number) + "</a></h4><dl><dt>Joined<dd>Mar " + std::to_string(number) +
            ", 2011<dt>Messages<dd>" + std::to_string(number * 17) +
            "</dl></div><div class=message-main><div class=message-content>" + std::string(text) +
            "</div><a href=r>Reply</a></div></article>";
  }
  const std::string text =
      extract_page(page + "</div><footer>Copyright of the board</footer>").text;
  for (const std::string_view one : texts) {
    EXPECT_NE(text.find(one), std::string::npos) << one << "\n" << text;
  }
  EXPECT_EQ(text.find("Joined"), std::string::npos) << text;
  EXPECT_EQ(text.find("2011"), std::string::npos) << text;
}

}  // namespace
}  // namespace aludel::text::html
