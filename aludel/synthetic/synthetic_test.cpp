#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aludel/base/utf8.h"
#include "aludel/synthetic/crawl.h"
#include "aludel/text/html/extract.h"

namespace aludel::synthetic {
namespace {

constexpr std::string_view kPage =
    "<!DOCTYPE html><html><head><title>Old title</title><style>p { color: red }</style></head>"
    "<body><nav><a href=\"/\">Old menu entry that is longer than forty bytes</a></nav>"
    "<h1>Old heading</h1><p>An old paragraph with <b>bold words</b> in it, that goes on for long "
    "enough to be running text of a page, which is written as sentences.</p>"
    "<script>var kept = '<p>old script</p>';</script></body></html>";

/// Sentences of a small grammar: real enough to count n-grams in.
std::vector<std::string> sentences(int count) {
  const char* subjects[] = {"The keeper", "A traveller", "Her sister", "The old clerk"};
  const char* verbs[] = {"saw the harbour", "mended a lamp", "counted the boats", "left the house"};
  const char* ends[] = {"before the rain came.", "on a winter morning.", "without a single word.",
                        "as the bells began."};
  Rng random(1, 2);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    std::string& text = texts.emplace_back();
    for (int n = 0; n < 20; ++n) {
      text += std::string(subjects[random.below(4)]) + " " + verbs[random.below(4)] + " " +
              ends[random.below(4)] + "\n";
    }
  }
  return texts;
}

SyntheticCrawl make_crawl(const SyntheticSettings& settings) {
  const std::map<std::string, std::vector<std::string>> texts = {
      {"en", sentences(50)},
      {"zh", {"今天的天气很好，我们一起去公园散步吧。明天可能会下雨，记得带上雨伞。"}}};
  auto crawl = SyntheticCrawl::create(settings, {find_slots(std::string(kPage))}, texts);
  EXPECT_TRUE(crawl) << crawl.error().message;
  return std::move(crawl).value();
}

TEST(PageSkeleton, FindsShownTextAndWhoseItIs) {
  const PageSkeleton skeleton = find_slots(std::string(kPage));
  std::vector<std::string> shown;
  std::vector<bool> of_page;
  for (const TextSlot& slot : skeleton.slots) {
    shown.push_back(skeleton.html.substr(slot.begin, slot.size_bytes));
    of_page.push_back(slot.owner == SlotOwner::page);
  }
  ASSERT_EQ(shown.size(), 6U);
  EXPECT_EQ(shown[0], "Old title");
  EXPECT_EQ(shown[2], "Old heading");
  EXPECT_EQ(shown[4], "bold words");
  EXPECT_EQ(of_page, (std::vector<bool>{false, false, false, false, false, true}));
  EXPECT_TRUE(skeleton.slots[2].ends_block);
  EXPECT_FALSE(skeleton.slots[3].ends_block);
  EXPECT_TRUE(skeleton.slots[5].ends_block);
}

TEST(TextSampler, WritesWhatNobodyWroteInWordsOfTheCorpus) {
  const std::vector<std::string> texts = sentences(50);
  const TextSampler sampler(texts);
  Rng random(7, 0);
  TextCursor cursor = sampler.begin(random);
  std::string text;
  int ends = 0;
  for (int i = 0; i < 400; ++i) {
    const std::uint32_t token = sampler.next(cursor, random);
    sampler.append(text, token);
    ends += sampler.ends_sentence(token) ? 1 : 0;
  }
  EXPECT_GT(ends, 20);
  EXPECT_NE(text.find("the harbour"), std::string::npos);
  for (const std::string& original : texts) {
    EXPECT_EQ(original.find(text.substr(0, 300)), std::string::npos);
  }
}

TEST(TextSampler, WritesChineseWithoutSpaces) {
  const std::vector<std::string> texts = {"今天的天气很好，我们一起去公园散步吧。"};
  const TextSampler sampler(texts);
  Rng random(7, 0);
  TextCursor cursor = sampler.begin(random);
  std::string text;
  for (int i = 0; i < 40; ++i) {
    sampler.append(text, sampler.next(cursor, random));
  }
  EXPECT_EQ(text.find(' '), std::string::npos);
  EXPECT_EQ(count_code_points(text), 40U);
}

TEST(SyntheticCrawl, APageDependsOnSeedAndNumberAlone) {
  SyntheticSettings settings;
  const SyntheticCrawl crawl = make_crawl(settings);
  const SyntheticCrawl again = make_crawl(settings);
  settings.seed = 9;
  const SyntheticCrawl other = make_crawl(settings);
  EXPECT_EQ(crawl.page(17).html, again.page(17).html);
  EXPECT_EQ(crawl.page(17).url, again.page(17).url);
  EXPECT_NE(crawl.page(17).html, other.page(17).html);
}

TEST(SyntheticCrawl, KeepsMarkupAndScriptsAndReplacesAllText) {
  const SyntheticCrawl crawl = make_crawl({});
  const SyntheticPage page = crawl.page(3);
  EXPECT_NE(page.html.find("<script>var kept = '<p>old script</p>';</script>"), std::string::npos);
  EXPECT_NE(page.html.find("p { color: red }"), std::string::npos);
  for (const char* old : {"Old title", "Old menu", "Old heading", "old paragraph", "bold words"}) {
    EXPECT_EQ(page.html.find(old), std::string::npos) << old;
  }
  EXPECT_GT(page.text_bytes, 150U);
  EXPECT_TRUE(is_valid_utf8(page.html));
}

TEST(SyntheticCrawl, RepeatsPagesAtTheRatesAsked) {
  const SyntheticCrawl crawl = make_crawl({});
  std::map<SyntheticKind, int> kinds;
  std::map<std::string, std::string> text_of;  // by address, of novel pages
  std::set<std::string> texts;
  int english = 0;
  int repeated = 0;
  constexpr int kPages = 2000;
  for (int i = 0; i < kPages; ++i) {
    const SyntheticPage page = crawl.page(static_cast<std::uint64_t>(i));
    ++kinds[page.kind];
    english += page.language == "en" ? 1 : 0;
    if (page.kind == SyntheticKind::novel) texts.insert(page.html);
    if (page.kind == SyntheticKind::exact_duplicate) repeated += texts.contains(page.html) ? 1 : 0;
    if (page.kind == SyntheticKind::recrawl) {
      EXPECT_TRUE(text_of.contains(page.url));
    } else {
      EXPECT_FALSE(text_of.contains(page.url));
    }
    text_of[page.url] = page.html;
  }
  EXPECT_NEAR(kinds[SyntheticKind::exact_duplicate], 0.08 * kPages, 40);
  EXPECT_NEAR(kinds[SyntheticKind::near_duplicate], 0.10 * kPages, 40);
  EXPECT_NEAR(kinds[SyntheticKind::recrawl], 0.05 * kPages, 30);
  EXPECT_EQ(repeated, kinds[SyntheticKind::exact_duplicate]);
  EXPECT_NEAR(english, 0.5 * kPages, 0.05 * kPages);
}

TEST(SyntheticCrawl, RefusesWhatItCannotMake) {
  const std::map<std::string, std::vector<std::string>> texts = {{"en", sentences(3)}};
  const auto code_of = [&](const SyntheticSettings& settings, std::vector<PageSkeleton> pages) {
    const auto crawl = SyntheticCrawl::create(settings, std::move(pages), texts);
    return crawl ? std::string("made") : crawl.error().message;
  };
  const std::vector<PageSkeleton> pages = {find_slots(std::string(kPage))};
  SyntheticSettings settings;
  EXPECT_NE(code_of(settings, pages).find("no prose in language 'zh'"), std::string::npos);
  settings.languages = "en=1";
  EXPECT_EQ(code_of(settings, pages), "made");
  EXPECT_NE(code_of(settings, {}).find("no page with text"), std::string::npos);
  settings.languages = "en";
  EXPECT_NE(code_of(settings, pages).find("no LANGUAGE=SHARE"), std::string::npos);
  settings.languages = "en=1";
  settings.near_duplicates = 0.95;
  EXPECT_NE(code_of(settings, pages).find("more than 1"), std::string::npos);
}

}  // namespace
}  // namespace aludel::synthetic
