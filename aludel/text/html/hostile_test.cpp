// Pages made to take long: each must take time in proportion to its size, and 5 MB under a second.
#include <algorithm>
#include <ctime>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "aludel/text/html/extract.h"

namespace aludel::text {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kTimed = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kTimed = false;
#else
constexpr bool kTimed = true;
#endif
#else
constexpr bool kTimed = true;
#endif

// A page of about `size` bytes: a start that is made once, then a part over and over, in which "#"
// is a number that grows; where there is a middle, it and another part make the second half.
struct Hostile {
  const char* name;
  std::string_view once;
  int times;  // of `once`
  std::string_view part;
  std::string_view middle = {};
  std::string_view second_part = {};

  std::string page(std::size_t size) const {
    std::string html;
    for (int i = 0; i < times; ++i) {
      html += once;
    }
    fill(html, part, middle.empty() ? size : size / 2);
    html += middle;
    if (!second_part.empty()) fill(html, second_part, size);
    return html;
  }

  static void fill(std::string& html, std::string_view part, std::size_t size) {
    for (std::size_t number = 0; html.size() < size; ++number) {
      for (const char c : part) {
        if (c == '#') {
          html += std::to_string(number);
        } else {
          html += c;
        }
      }
    }
  }
};

constexpr std::string_view kSentence = "<p>A sentence of the main text, long enough to be one.</p>";

constexpr Hostile kHostile[] = {
    {"DeepNesting", "", 0, "<div>x "},
    {"DeepThenFlat", "<div>", 600, "<p>x"},
    {"DeepThenItems", "<div>", 600, "<li>x"},
    {"DeepThenText", "<div>", 500, kSentence},
    {"ManyParagraphs", "", 0, "<p>x"},
    {"ManyBreaks", "", 0, "x<br>"},
    {"ManyHeadings", "", 0, "<h1>x<h2>y"},
    {"UnclosedFormatting", "", 0, "<b><i><u><a href=x>t"},
    {"Misnesting", "", 0, "<b><p></b></p>x"},
    {"EndTagsOfNothing", "<div>", 600, "</span></p></b></x#>"},
    {"EndTagsFarUp", "<span><div>", 300, "</span>x"},
    {"UnknownElements", "", 0, "<x#>a"},
    {"HugeAttribute", "<p class='", 1, "comment nav "},
    {"ManyAttributes", "<p ", 1, "a#=1 "},
    {"ManyClasses", "", 0, "<p class='c# nav-menu-comment-related-share-footer'>x"},
    {"UnclosedQuotes", "", 0, "<a href=\""},
    {"StyleOfColons", "<p style='", 1, ":"},
    {"NestedTables", "", 0, "<table><tr><td>x"},
    {"TableSoup", "", 0, "<td><table></tr>y<th>"},
    {"LongTable", "<table>", 1, "<tr><td>ab<td>cd"},
    {"NestedLists", "", 0, "<ol><li>x"},
    {"ManyLists", "", 0, "<ol><li>An item of a list, long enough to be kept.</ol>"},
    {"NestedQuotes", "", 0, "<blockquote>x"},
    {"References", "", 0, "&amp;&#20013;&notin;"},
    {"BrokenReferences", "", 0, "&CounterClockwiseContourIntegralx"},
    {"LongNumber", "&#", 1, "9"},
    {"Brackets", "", 0, "<"},
    {"OpenComments", "", 0, "<!-- --"},
    {"EndTagStarts", "", 0, "</a"},
    {"Scripts", "", 0, "<script>"},
    {"FalseScriptEnds", "<script>", 1, "</scripx"},
    {"OpenNoscripts", "<article>", 1, "<noscript> "},
    {"Selects", "", 0, "<select><option>x"},
    {"OpenFormulas", "", 0, "<math><mi>x"},
    {"OpenAnnotations", "", 0, "<math><annotation-xml encoding=text/html><p>x"},
    {"DrawnFormulas", "<p>", 1, "<span aria-hidden=true>x</span><math><mi>x</math>"},
    {"NestedScripts", "<math>", 1, "<msup><mi>x</mi>", "<mn>2</mn></msup>"},
    {"InvisibleOperators", "<math><mo>", 1, "\xE2\x81\xA2"},
    {"DrawingBesideFormulas", "<span><span aria-hidden=true>", 1, "<br>", "</span><span>",
     "<math>x</math>"},
    {"FormulasBesideDrawing", "<span><span>", 1, "<math>x</math>", "</span><span aria-hidden=true>",
     "<br>"},
    {"DrawingThatEndsInAFormula", "<span><span aria-hidden=true>", 1, "<br>",
     "<math>x</math></span><span>", "<math>x</math>"},
    {"NestedGutters", "<div class=linenos>", 500, "<br>#", "x", "<br>#"},
    {"NestedBlankGutters", "<div class=linenos>", 500, "<br>", "</div>x", "<p>x"},
    {"NestedCounts", "<table><tr><td>1<td>", 150, "<br>", "x", "<p>x"},
    {"NestedNumbers", "<table><tr><td>", 150, "<br>#"},
    {"NestedHidden", "", 0, "<div hidden>x "},
    {"ManyHidden", "", 0, "<div hidden><p>A sentence that is long enough to be one of some text."},
    {"NestedAria", "", 0, "<div aria-hidden=true>x<span aria-hidden=true>#"},
    {"HiddenSiblings", "<div>", 500, "<p hidden>A sentence that is long enough to be some text."},
    {"ManyNoscripts", "", 0, "<noscript><p>A sentence that is long enough.</noscript>"},
    {"ShadowRoots", "", 0, "<template shadowrootmode=open>x"},
    {"FalseCommentEnds", "<!--", 1, "--x"},
    {"OpenDrawings", "", 0, "<svg><g><p>x"},
    {"DrawingsOfHtml", "<svg><foreignObject>", 1, "<p>x"},
    {"EmptyCells", "", 0, "<table><tr><td>"},
    {"NumberedCells", "", 0, "<table><tr><td>1<td><pre>x"},
    {"ManyComments", kSentence, 9, "<div class=comment><p>A comment that is long enough.</div>"},
    {"CommentHeadings", kSentence, 9, "<div><h3>3 Comments</h3>x"},
    {"DeepCommentHeadings", kSentence, 9, "<div><div><h3>Comments</h3>"},
    {"ManyTeasers", kSentence, 9, "<li><a href=x>A title of a page</a> breaks off..."},
    {"KindsOfTeasers", "<div>", 200, "<p><a href=x>A title of a page</a> breaks off...</p><div>"},
    {"NestedFeet", kSentence, 9, "<footer class=sidebar>A sentence that is long enough."},
    {"HoverCards", "<p>x", 1, "<b><img><a href=#>x</a><a href=#>y</a></b>"},
    {"NestedHoverCards", "<p>x", 1, "<b><img>"},
    {"JsonLdInOneScript", "<script type=application/ld+json>[", 1, "{\"a#\":[{}]},"},
    {"JsonLdOfManyKeys", "<script type=application/ld+json>{", 1, "\"a#\":1,"},
    {"JsonLdScripts", "", 0, "<script type=application/ld+json>{\"@type\":\"Article\"}</script>"},
    {"NestedJsonLd", "<script type=application/ld+json>", 1, "[{\"author\":"},
    {"ManyMetas", "", 0, "<meta name=author content='A#'>"},
    {"NestedAuthors", "", 0, "<div itemprop=author class=author>x "},
    {"ManyTimes", "", 0, "<time datetime=2019-11-18>x</time>"},
    {"LongTitle", "<title>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</title>", 1,
     "<p>aaaaaaaaaaaaaa"},
    {"OneWord", "", 0, "a"},
    {"OneChineseLine", "", 0, "中文，"},
};

double seconds_of(const std::string& html) {
  const std::clock_t start = std::clock();
  extract_page(html, TextForm::markdown);
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

void PrintTo(const Hostile& hostile, std::ostream* out) {  // part of the test's name
  *out << hostile.name;
}

class HostilePageTimed : public testing::TestWithParam<Hostile> {};

TEST_P(HostilePageTimed, TakesTimeInProportionToItsSize) {
  constexpr std::size_t kBytes = kTimed ? 5'000'000 : 300'000;
  const std::string quarter = GetParam().page(kBytes / 4);
  const std::string whole = GetParam().page(kBytes);
  double seconds = seconds_of(whole);
  double seconds_of_quarter = seconds_of(quarter);
  if (!kTimed) GTEST_SKIP() << "ran, but a sanitizer's time says nothing";
  // Four times the quarter, and what a busy machine adds; what is over is measured again.
  const auto over = [&] { return seconds > 1.0 || seconds > 7 * seconds_of_quarter + 0.1; };
  for (int repeat = 0; repeat < 3 && over(); ++repeat) {
    seconds = std::min(seconds, seconds_of(whole));
    seconds_of_quarter = std::max(seconds_of_quarter, seconds_of(quarter));
  }
  EXPECT_LT(seconds, 1.0);
  EXPECT_LT(seconds, 7 * seconds_of_quarter + 0.1);
}

INSTANTIATE_TEST_SUITE_P(All, HostilePageTimed, testing::ValuesIn(kHostile));

}  // namespace
}  // namespace aludel::text
