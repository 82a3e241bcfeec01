#include "aludel/text/html/extract.h"

#include <string>

#include <gtest/gtest.h>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr std::string_view kArticle = R"(<!DOCTYPE html>
<html lang="en"><head><title>Growing tomatoes</title></head><body>
<header class="site-header"><a href="/">Garden World</a></header>
<nav class="main-menu"><ul><li><a href="/a">Home</a><li><a href="/b">News</a>
<li><a href="/c">Shop</a><li><a href="/d">Contact us</a></ul></nav>
<div id="wrapper"><div class="content"><article>
<h1>Growing tomatoes on a balcony</h1>
<div class="post-meta">By <a href="/x">Jane Doe</a>, 3 May 2019</div>
<p>Tomatoes need sun, warmth and water, and a balcony that faces south has all of them. A pot of
twenty litres is enough for one plant, if it is fed every second week.</p>
<p>Choose a variety that stays small. The seed packet says how tall the plant grows; anything under
one metre will do well in a pot, and needs only a single stake to hold it up.</p>
<h2>Watering</h2>
<p>Water in the morning, at the foot of the plant, and keep the leaves dry. Wet leaves invite
blight, which can end a whole summer's work within a week, as many gardeners have found.</p>
</article>
<div class="share-buttons"><a href="#">Share</a> <a href="#">Tweet</a></div>
<div id="comments"><h3>2 comments</h3><div class="comment"><p>Great tips, thank you!</p></div></div>
</div><aside class="sidebar"><h3>Related articles</h3><ul><li><a href="/1">Ten easy herbs</a>
<li><a href="/2">Compost for beginners</a></ul></aside></div>
<footer>Copyright 2019 Garden World. All rights reserved. <a href="/i">Imprint</a></footer>
</body></html>)";

TEST(PageExtraction, KeepsTheArticleAndDropsTheRest) {
  const ExtractedPage page = extract_page(kArticle);
  EXPECT_EQ(page.title, "Growing tomatoes");
  EXPECT_EQ(page.language, "en");
  for (const std::string_view wanted :
       {"Tomatoes need sun", "Choose a variety", "Water in the morning", "within a week"}) {
    EXPECT_NE(page.text.find(wanted), std::string::npos) << wanted;
  }
  for (const std::string_view unwanted :
       {"Contact us", "Share", "Great tips", "Compost", "Copyright"}) {
    EXPECT_EQ(page.text.find(unwanted), std::string::npos) << unwanted;
  }
}

TEST(PageExtraction, ReadsChinesePages) {
  std::string page =
      "<title>天气</title><div class=nav><a href=1>首页</a><a href=2>新闻</a></div><div "
      "class=content>";
  for (int i = 0; i < 5; ++i) {
    page += "<p>今天的天气很好，我们决定去公园散步，路上遇到了很多老朋友，大家一起聊天喝茶。</p>";
    page += "<p>第" + std::to_string(i) +
            "天的记录：早上下了一点小雨，中午以后太阳出来了，温度上升得很快。</p>";
  }
  const ExtractedPage extracted = extract_page(page + "</div><div class=footer>版权所有</div>");
  EXPECT_NE(extracted.text.find("第4天的记录"), std::string::npos);
  EXPECT_EQ(extracted.text.find("版权所有"), std::string::npos);
  EXPECT_EQ(extracted.text.find("首页"), std::string::npos);
}

TEST(PageExtraction, GivesOnePageOneText) {
  EXPECT_EQ(extract_page(kArticle).text, extract_page(kArticle).text);
  EXPECT_EQ(extract_page("").text, "");
  EXPECT_EQ(extract_page("<nav><a href=1>Home</a></nav>").text, "");
}

TEST(PageExtraction, TakesAnyBytes) {
  std::string page(kArticle);
  for (std::size_t cut = 0; cut < page.size(); cut += 97) {
    EXPECT_TRUE(is_valid_utf8(extract_page(std::string_view(page).substr(0, cut)).text));
  }
  for (std::size_t i = 0; i < page.size(); i += 13) {
    page[i] = static_cast<char>(i * 31);
  }
  extract_page(page, TextForm::markdown);
}

}  // namespace
}  // namespace aludel::text
