#include "aludel/text/html/main_text.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/text/html/render.h"

namespace aludel::text::html {
namespace {

std::vector<Block> blocks_under(const std::vector<std::uint32_t>& parents) {
  std::vector<Block> blocks;
  for (const std::uint32_t parent : parents) {
    Block block;
    block.parent = parent;
    block.amount.weight = 10 + parent;
    blocks.push_back(block);
  }
  return blocks;
}

float limit(float score) {
  return std::clamp(score, -4.0F, 4.0F);
}

// The context as its header says it, by loops over the whole page.
ContextVector context_by_loops(const std::vector<Block>& blocks, const std::vector<float>& scores,
                               int at) {
  const int count = static_cast<int>(blocks.size());
  const auto score = [&](int i) {
    return i < 0 || i >= count ? -4.0F : limit(scores[static_cast<std::size_t>(i)]);
  };
  ContextVector f{};
  double near = 0;
  double wide = 0;
  double total = 1;
  double before = 0;
  double after = 0;
  double siblings = 0;
  int sibling_count = 0;
  f[kHighestScore] = -4;
  for (int i = 0; i < count; ++i) {
    const Block& block = blocks[static_cast<std::size_t>(i)];
    const double odds = static_cast<double>(scores[static_cast<std::size_t>(i)]);
    const double expected = block.amount.weight / (1 + std::exp(-odds));
    total += expected;
    f[kHighestScore] = std::max(f[kHighestScore], score(i));
    if (i == at) continue;
    (i < at ? before : after) += expected;
    near += std::abs(i - at) <= 3 ? static_cast<double>(score(i)) : 0.0;
    wide += std::abs(i - at) <= 10 ? static_cast<double>(score(i)) : 0.0;
    if (block.parent != blocks[static_cast<std::size_t>(at)].parent) continue;
    siblings += static_cast<double>(score(i));
    ++sibling_count;
  }
  f[kPreviousScore] = score(at - 1);
  f[kNextScore] = score(at + 1);
  f[kSecondPreviousScore] = score(at - 2);
  f[kSecondNextScore] = score(at + 2);
  f[kNearScore] = static_cast<float>(near / 6);
  f[kWideScore] = static_cast<float>(wide / 20);
  f[kLowerScore] = std::min(score(at - 1), score(at + 1));
  f[kExpectedBefore] = static_cast<float>(before / total);
  f[kExpectedAfter] = static_cast<float>(after / total);
  f[kSiblingScore] = sibling_count == 0 ? 0 : static_cast<float>(siblings / sibling_count);
  f[kLogExpected] = static_cast<float>(std::log2(total));
  f[kOwnScore] = scores[static_cast<std::size_t>(at)];
  return f;
}

TEST(PageContext, IsWhatLoopsOverThePageGive) {
  Rng rng(7, 1);
  std::vector<std::uint32_t> parents;
  std::vector<float> scores;
  for (int i = 0; i < 60; ++i) {
    parents.push_back(static_cast<std::uint32_t>(rng.next() % 9));
    scores.push_back(static_cast<float>(rng.next() % 2000) / 100 - 10);
  }
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}, std::size_t{5}, scores.size()}) {
    const std::vector<Block> blocks =
        blocks_under({parents.begin(), parents.begin() + static_cast<std::ptrdiff_t>(count)});
    const std::vector<float> some(scores.begin(),
                                  scores.begin() + static_cast<std::ptrdiff_t>(count));
    const PageContext context(blocks, some);
    for (std::size_t i = 0; i < count; ++i) {
      const ContextVector expected = context_by_loops(blocks, some, static_cast<int>(i));
      const ContextVector found = context.of(i);
      for (std::size_t f = 0; f < kContextCount; ++f) {
        EXPECT_NEAR(found[f], expected[f], 1e-4F) << context_name(f) << " of " << i;
      }
    }
  }
}

TEST(MainText, ScoresAreSumsOfWeightsTimesFeatures) {
  const Tree tree = parse_html(
      "<h1>Title</h1><p>Some text, with a <a href=x>link</a> in it.</p><ul><li>a<li>b</ul>"
      "<div class=footer>Contact</div>");
  const std::vector<Block> blocks = blocks_of(tree);
  const std::vector<FeatureVector> features = features_of(tree, blocks);
  const MainTextWeights& weights = fitted_weights();
  std::vector<float> first;
  for (const FeatureVector& vector : features) {
    double sum = static_cast<double>(weights.first.back());
    for (std::size_t i = 0; i < kFeatureCount; ++i) {
      sum += static_cast<double>(weights.first[i]) * static_cast<double>(vector[i]);
    }
    first.push_back(static_cast<float>(sum));
  }
  const PageContext context(blocks, first);
  const std::vector<float> scores = main_text_scores(tree, blocks, weights);
  ASSERT_EQ(scores.size(), 5U);
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    double sum = static_cast<double>(weights.second.back());
    for (std::size_t i = 0; i < kSecondInputs; ++i) {
      const float input =
          i < kFeatureCount ? features[block][i] : context.of(block)[i - kFeatureCount];
      sum += static_cast<double>(weights.second[i]) * static_cast<double>(input);
    }
    EXPECT_NEAR(static_cast<double>(scores[block]), sum, 1e-3) << block;
  }
}

TEST(MainText, LeavesOutHeadingsWithoutText) {
  const Tree tree = parse_html("<h2>a</h2><p>b</p><h2>c</h2><p>d</p>");
  const std::vector<Block> blocks = blocks_of(tree);
  EXPECT_EQ(choose_main_blocks(tree, blocks, {1, 1, 1, -1}), (std::vector<std::uint32_t>{0, 1}));
  EXPECT_TRUE(choose_main_blocks(tree, blocks, {1, -1, 1, -1}).empty());
}

TEST(MainText, LeavesOutLineNumbers) {
  std::string html = "<table><tr><td>";  // beside code in no <pre>
  for (int line = 1; line <= 12; ++line) {
    html += "<div>" + std::to_string(line) + "</div>";
  }
  const Tree tree = parse_html(html + "<td>code</table><p>7<p>8<p>9<p>x<p>1<p>2");
  const std::vector<Block> blocks = blocks_of(tree);
  ASSERT_EQ(blocks.size(), 19U);
  const std::vector<std::uint32_t> expected{12, 13, 14, 15, 16, 17, 18};
  EXPECT_EQ(choose_main_blocks(tree, blocks, std::vector<float>(blocks.size(), 1)), expected);
}

// All blocks that are read, parted by "|".
std::string read_blocks(std::string_view html) {
  const Tree tree = parse_html(html);
  std::string text;
  for (const Block& block : blocks_of(tree)) {
    const std::string one = render_blocks(tree, {block}, {0}, TextForm::plain);
    text += (text.empty() ? "" : "|") + one;
  }
  return text;
}

TEST(LineNumbers, AreHiddenInACellBesideCode) {
  EXPECT_EQ(read_blocks("<table><tr><td><pre>1\n2\n3</pre><td><pre>a\n  b\nc</pre></table>"),
            "a\n  b\nc");
  EXPECT_EQ(read_blocks("<table><tr><td><pre>1</pre><td><pre>  a</pre></table>"), "  a");
  EXPECT_EQ(read_blocks("<table><tr><td><pre><span>41</span><br><span>42</span></pre><td><pre>"
                        "a<br>b</pre></table>"),
            "a|b");
  EXPECT_EQ(read_blocks("<table><tr><td>1<td><pre>a</pre><tr><td>2<td><pre>b</pre><tr><td>9<td>"
                        "<pre>c</pre></table>"),
            "a|b|9|c");
}

TEST(LineNumbers, AreHiddenWhereTheyAreNamedSo) {
  EXPECT_EQ(read_blocks("<pre><span class=line-number>1</span>a\n<span class=linenos> 2 </span>  "
                        "b\n<span class=hljs-ln-n>x</span></pre>"),
            "a\n  b\nx");
  EXPECT_EQ(read_blocks("<table><tr><td class=blob-num>7<td class=blob-code>a</table>"), "a");
  EXPECT_EQ(read_blocks("<div class=gutter><div>1</div><div>2</div></div><div>a</div>"), "a");
}

TEST(LineNumbers, AreNoOtherNumbers) {
  EXPECT_EQ(read_blocks("<table><tr><td>1<td>a<tr><td>2<td>b</table>"), "1|a|2|b");
  EXPECT_EQ(read_blocks("<table><tr><td>7<td><pre>a</pre></table>"), "7|a");
  EXPECT_EQ(read_blocks("<table><tr><td>1 3<td><pre>a</pre></table>"), "1 3|a");
  EXPECT_EQ(read_blocks("<p class=gutter>Chapter 1"), "Chapter 1");
}

TEST(MainText, ReadsNoNumberOfHiddenDigits) {
  const Tree tree = parse_html("<p>1<span hidden>" + std::string(40, '9') + "</span>2");
  const std::vector<Block> blocks = blocks_of(tree);
  EXPECT_EQ(choose_main_blocks(tree, blocks, {1}), std::vector<std::uint32_t>{0});
}

TEST(MainText, HasAWeightForEveryFeature) {
  std::ifstream table(ALUDEL_SOURCE_DIR "/aludel/text/html/tables/main_text_weights.inc");
  std::string line;
  std::getline(table, line);  // "// Generated by …"
  for (std::size_t i = 0; i < kSecondInputs; ++i) {
    const std::string name(i < kFeatureCount ? feature_name(i) : context_name(i - kFeatureCount));
    ASSERT_TRUE(std::getline(table, line));
    EXPECT_TRUE(line.starts_with("{\"" + name + "\", ")) << line;
  }
}

}  // namespace
}  // namespace aludel::text::html
