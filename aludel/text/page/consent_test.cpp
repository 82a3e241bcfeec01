#include "aludel/text/page/consent.h"

#include <string>

#include <gtest/gtest.h>

namespace aludel::text {
namespace {

TEST(ConsentSignals, StandInHeaders) {
  EXPECT_TRUE(consent_in_headers("noindex, NOAI", "").noai);
  EXPECT_TRUE(consent_in_headers("examplebot: noai, nofollow", "").noai);
  EXPECT_FALSE(consent_in_headers("noimageai", "").noai);
  EXPECT_TRUE(consent_in_headers("noimageai", "").noimageai);
  EXPECT_FALSE(consent_in_headers("all,nonoai", "").noai);
  EXPECT_TRUE(consent_in_headers("", "1").tdm_reserved);
  EXPECT_FALSE(consent_in_headers("", "0").tdm_reserved);
  EXPECT_FALSE(consent_in_headers("", "10").tdm_reserved);
}

TEST(ConsentSignals, StandInMarkup) {
  const auto robots = [](std::string_view name, std::string_view content) {
    return consent_in_markup("<!doctype html><head>\n<META\nname='" + std::string(name) +
                             "' content=\"" + std::string(content) + "\"/><body>x");
  };
  EXPECT_TRUE(robots("robots", "index,noai").noai);
  EXPECT_TRUE(robots("Robots", "noimageai, noai").noimageai);
  EXPECT_TRUE(robots("CCBot", "noai").noai);
  EXPECT_FALSE(robots("description", "noai").noai);
  EXPECT_TRUE(robots("tdm-reservation", " 1 ").tdm_reserved);
  EXPECT_FALSE(robots("tdm-reservation", "0").tdm_reserved);
  EXPECT_TRUE(consent_in_markup("<meta name=tdm-reservation content=1><meta name=tdm-reservation "
                                "content=0>")
                  .tdm_reserved);
  EXPECT_FALSE(consent_in_markup("<metadata name=robots content=noai>").noai);
  EXPECT_FALSE(consent_in_markup("<p>noai <meta").noai);
  EXPECT_FALSE(consent_in_markup("").noai);
}

TEST(ConsentSignals, CountWhereNoElementIsParsed) {
  constexpr std::string_view kTag = "<meta name=robots content=noai>";
  for (const std::string_view around : {"<!-- {} -->", "<script>'{}'</script>", "<title>{}"}) {
    std::string page(around);
    page.replace(page.find("{}"), 2, kTag);
    EXPECT_TRUE(consent_in_markup(page).noai) << page;
  }
}

TEST(ConsentSignals, TakesAnyMarkupInLinearTime) {
  std::string html;
  for (int i = 0; i < 200000; ++i) {
    html += "<meta name=\"";
  }
  EXPECT_FALSE(consent_in_markup(html).noai);
}

}  // namespace
}  // namespace aludel::text
