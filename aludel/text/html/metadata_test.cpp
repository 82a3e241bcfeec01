#include "aludel/text/html/metadata.h"

#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "aludel/text/html/extract.h"

namespace aludel::text::html {
namespace {

PageMetadata metadata_in(const std::string& head, const std::string& body = "") {
  return extract_page("<html lang=en-GB><head>" + head + "</head><body>" + body + "</body></html>")
      .metadata;
}

TEST(Metadata, MetaTagsStateAllFields) {
  const PageMetadata found = metadata_in(
      "<title>A bridge | The Daily Example</title>"
      "<meta property='og:title' content='A bridge'>"
      "<meta name=author content='By Ann Other'>"
      "<meta property='article:published_time' content='2019-11-18T20:14:59+00:00'>"
      "<meta property='og:site_name' content='The Daily Example'>");
  EXPECT_EQ(found.title, "A bridge");
  EXPECT_EQ(found.author, "Ann Other");
  EXPECT_EQ(found.date, "2019-11-18");
  EXPECT_EQ(found.site_name, "The Daily Example");
  EXPECT_EQ(found.language, "en-GB");
}

TEST(Metadata, JsonLdOfAGraphNamesAuthorsByReference) {
  const PageMetadata found = metadata_in(
      "<script type='application/ld+json'>{\"@graph\": ["
      "{\"@type\": [\"NewsArticle\"], \"headline\": \"A &amp; B\", \"datePublished\": "
      "\"2020-02-03\", \"author\": [{\"@id\": \"#ann\"}, {\"name\": \"Bo Ek\"}], "
      "\"publisher\": {\"name\": \"Example\"}}, "
      "{\"@type\": \"Person\", \"@id\": \"#ann\", \"name\": \"Ann Other\"}]}</script>");
  EXPECT_EQ(found.title, "A & B");
  EXPECT_EQ(found.author, "Ann Other; Bo Ek");
  EXPECT_EQ(found.date, "2020-02-03");
  EXPECT_EQ(found.site_name, "Example");
}

TEST(Metadata, BylineAndTimeAreReadWhereNothingElseStatesThem) {
  const PageMetadata found =
      metadata_in("<title>A bridge - Example</title><meta name=dc.title content='A bridge'>",
                  "<div class=byline>By <a href=/ann>Ann Other</a> | 3 min</div>"
                  "<time datetime=2018-05-06>yesterday</time>");
  EXPECT_EQ(found.author, "Ann Other");
  EXPECT_EQ(found.date, "2018-05-06");
  EXPECT_EQ(found.site_name, "Example");
}

TEST(Metadata, ALinkToTheAuthorIsToldByItsFirstRel) {
  EXPECT_EQ(metadata_in("", "<p>By <a rel=author href=/ann>Ann Other</a></p>").author, "Ann Other");
  EXPECT_EQ(metadata_in("", "<p>By <a rel='' rel=author href=/ann>Ann Other</a></p>").author, "");
}

TEST(Metadata, AnAddressOrAMenuIsNoAuthor) {
  EXPECT_EQ(metadata_in("<meta property='article:author' content='https://example.org/ann'>",
                        "<div class='author-menu'>Sign in</div>")
                .author,
            "");
}

TEST(Metadata, BrokenJsonLdStatesNothing) {
  const PageMetadata found = metadata_in(
      "<script type='application/ld+json'>{\"@type\": \"Article\", \"headline\": </script>"
      "<script type='application/ld+json'>[[[[{}]]], 1, null, \"a\"]</script>"
      "<script type='application/ld+json'>{\"@type\": 7, \"author\": [[], {\"name\": "
      "3}]}</script>");
  EXPECT_EQ(found.title + found.author + found.date + found.site_name, "");
}

TEST(Metadata, LargeJsonLdTakesTimeInProportionToItsSize) {
  const auto seconds_of = [](std::size_t size, const std::string& part, bool object) {
    std::string json(1, object ? '{' : '[');
    for (std::size_t i = 0; json.size() < size; ++i) {
      json += (object ? "\"a" + std::to_string(i) + "\":" : "") + part + ",";
    }
    json += object ? "\"z\":1}" : "1]";
    const std::clock_t start = std::clock();
    metadata_in("<script type='application/ld+json'>" + json + "</script>");
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  const std::string thing = R"({"@type":"Article","author":[{"@id":"#a"}]})";
  for (const bool object : {true, false}) {
    EXPECT_LT(seconds_of(250'000, "1", object), 0.5);
    EXPECT_LT(seconds_of(250'000, thing, object), 0.5);
    EXPECT_LT(seconds_of(250'000, "[[[[[[{}]]]]]]", object), 0.5);
  }
}

TEST(IsoDate, ReadsHowPagesWriteDates) {
  EXPECT_EQ(iso_date("2019-11-18T20:14:59Z"), "2019-11-18");
  EXPECT_EQ(iso_date("20191118"), "2019-11-18");
  EXPECT_EQ(iso_date("18.11.2019, 20:14"), "2019-11-18");
  EXPECT_EQ(iso_date("11/18/2019"), "2019-11-18");
  EXPECT_EQ(iso_date("Monday, November 18, 2019"), "2019-11-18");
  EXPECT_EQ(iso_date("18. November 2019"), "2019-11-18");
  EXPECT_EQ(iso_date("3 août 2021"), "2021-08-03");
  EXPECT_EQ(iso_date("2019年11月18日"), "2019-11-18");
  EXPECT_EQ(iso_date("2019-13-40"), "");
  EXPECT_EQ(iso_date("yesterday"), "");
  EXPECT_EQ(iso_date(""), "");
}

}  // namespace
}  // namespace aludel::text::html
