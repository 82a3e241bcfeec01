#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/report/chart.h"
#include "aludel/report/html.h"

namespace aludel::report {
namespace {

TEST(Html, EscapesWhatDocumentsContain) {
  EXPECT_EQ(escape_html("<a href=\"x\">&'\xff"),
            "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\xEF\xBF\xBD");
  const std::string cells = table({"name", "n"}, {{"<script>", "12"}, {"b", "3.5"}});
  EXPECT_EQ(cells.find("<script>"), std::string::npos);
  EXPECT_NE(cells.find("<td class=num>12</td>"), std::string::npos);
  EXPECT_NE(cells.find("<td>b</td>"), std::string::npos);
}

TEST(Html, PageIsSelfContained) {
  HtmlPage page("Run <1>", "sub");
  page.add_section("One two", "<p>x</p>");
  const std::string html = page.render();
  EXPECT_NE(html.find("Run &lt;1&gt;"), std::string::npos);
  EXPECT_NE(html.find("href=\"#One-two\""), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(Html, SaysSizesAsPeopleReadThem) {
  EXPECT_EQ(human_bytes(999), "999 B");
  EXPECT_EQ(human_bytes(12.34e6), "12.3 MB");
  EXPECT_EQ(human_count(1.2e6), "1.20 M");
  EXPECT_EQ(human_seconds(125), "2 min 5 s");
}

TEST(Chart, TicksAreRoundAndInside) {
  EXPECT_EQ(axis_ticks(0, 10, 5), (std::vector<double>{0, 2, 4, 6, 8, 10}));
  EXPECT_EQ(axis_ticks(3, 3, 5), std::vector<double>{3});
  for (const double tick : axis_ticks(0.13, 97.2, 6)) {
    EXPECT_GE(tick, 0.13);
    EXPECT_LE(tick, 97.3);
  }
}

TEST(Chart, DrawsAllSeriesAndSurvivesNone) {
  const std::string svg =
      line_chart({{"train", {{0, 5}, {1, 3}}}, {"<valid>", {{1, 4}}}}, "step", "loss");
  EXPECT_NE(svg.find("train 3"), std::string::npos);
  EXPECT_NE(svg.find("&lt;valid&gt; 4"), std::string::npos);
  EXPECT_NE(line_chart({}, "x", "y").find("no points"), std::string::npos);
  EXPECT_NE(bar_chart({{"a", 2, "two"}, {"b", 0, "none"}}).find("two"), std::string::npos);
  EXPECT_NE(histogram({{{1, 2, 3}}, 0, 1, {0.5}}).find("var(--bad)"), std::string::npos);
  EXPECT_EQ(histogram({{{1, 2, 3}}, 0, 1, {2}}).find("var(--bad)"), std::string::npos);
  const std::string stacked = histogram({{{1, 2}, {3, 0}}, 0, 1, {}});
  // The first bin is the highest, 4 documents on 90 points: 1 below, 3 on it.
  EXPECT_NE(stacked.find("x=0.0 y=67.5 width=179.0 height=22.5 fill=\"var(--one)\""),
            std::string::npos)
      << stacked;
  EXPECT_NE(stacked.find("x=0.0 y=0.0 width=179.0 height=67.5 fill=\"var(--two)\""),
            std::string::npos)
      << stacked;
}

TEST(Chart, KeepsTheNamesOfLinesApart) {
  const std::string svg =
      line_chart({{"train", {{0, 9}, {1, 1}}}, {"valid", {{0, 8}, {1, 1.01}}}}, "step", "loss");
  const auto y_of = [&svg](std::string_view name) {
    const std::size_t text = svg.find(fmt::format(">{} ", name));
    return std::stod(svg.substr(svg.rfind(" y=", text) + 3));
  };
  EXPECT_GE(std::abs(y_of("train") - y_of("valid")), 14);
}

}  // namespace
}  // namespace aludel::report
