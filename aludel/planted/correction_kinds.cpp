#include <array>

#include <fmt/format.h>

#include "aludel/base/utf8.h"
#include "aludel/planted/grammar.h"
#include "aludel/planted/kinds.h"
#include "aludel/safety/pii/synthetic.h"

namespace aludel::planted {
namespace {

using Planted = Result<std::vector<PlantedDocument>>;

/// Puts a sentence after a random sentence of the page, or after a line of it.
void insert_sentence(std::string& text, PageLanguage language, std::string sentence, Rng& random) {
  const auto starts = sentence_starts(text, language);
  if (starts.empty()) {
    text += language == PageLanguage::english ? " " + sentence : sentence;
    return;
  }
  if (language == PageLanguage::english) sentence += ' ';
  text.insert(starts[random.below(starts.size())], sentence);
}

// A private key is many lines: its first line of digits stands for it.
std::string needle_of(const std::string& value) {
  const auto first = value.find('\n');
  return first == std::string::npos
             ? value
             : value.substr(first + 1, value.find('\n', first + 1) - first - 1);
}

PlantedDocument document_of(const CleanPage& page) {
  PlantedDocument document;
  document.text = page.text;
  document.language = page_language_code(page.language);
  return document;
}

safety::PiiLocale locale_of(PageLanguage language) {
  return language == PageLanguage::english ? safety::PiiLocale::english
                                           : safety::PiiLocale::chinese;
}

Planted personal_data(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  PlantedDocument document = document_of(page);
  const auto kind = static_cast<safety::PiiKind>(context.item % safety::kPiiKindCount);
  const std::size_t values = 1 + context.random.below(2);
  const auto frames =
      Grammar::named("personal")
          .write_many(fmt::format("{}_{}", document.language, safety::pii_kind_name(kind)), values,
                      context.random);
  for (const std::string& frame : frames) {
    const std::string value = safety::synthetic_pii(kind, locale_of(page.language), context.random);
    insert_sentence(document.text, page.language, replace_all(frame, "{value}", value),
                    context.random);
    document.gone.push_back(needle_of(value));
  }
  document.parameters["pii"] = safety::pii_kind_name(kind);
  document.parameters["values"] = static_cast<std::int64_t>(values);
  return std::vector{std::move(document)};
}

Planted harmless_numbers(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  PlantedDocument document = document_of(page);
  const auto kind = static_cast<safety::PiiKind>(context.item % safety::kPiiKindCount);
  const std::string value = safety::synthetic_decoy(kind, locale_of(page.language), context.random);
  const std::string frame =
      Grammar::named("personal")
          .write(fmt::format("{}_{}", document.language, safety::pii_kind_name(kind)),
                 context.random);
  insert_sentence(document.text, page.language, replace_all(frame, "{value}", value),
                  context.random);
  document.present.push_back(value);
  document.parameters["pii"] = safety::pii_kind_name(kind);
  return std::vector{std::move(document)};
}

// Reads UTF-8 bytes as windows-1252, as broken pages do; its five holes become C1 controls.
std::string misread(std::string_view text) {
  constexpr std::array<char32_t, 32> kHigh = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  std::string wrong;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(wrong, byte >= 0x80 && byte < 0xA0 ? kHigh.at(byte - 0x80U) : char32_t{byte});
  }
  return wrong;
}

Planted mojibake(PlantingContext& context) {
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  PlantedDocument document = document_of(page);
  const bool is_twice = context.item % 4 == 3;
  const auto misread_times = [&](const std::string& text) {
    return is_twice ? misread(misread(text)) : misread(text);
  };
  if (page.language == PageLanguage::english) {
    const std::string accents =
        fmt::format("It’s “café {}” — naïve, isn’t it?", context.random.below(1000));
    insert_sentence(document.text, page.language, accents, context.random);
    document.text = misread_times(document.text);
    document.present.push_back(accents);
    document.gone.emplace_back(misread_times("café"));
  } else {  // one line of a Chinese page: a page that is all broken is no Chinese any more
    std::vector<std::string> lines = page_lines(page.text);
    std::size_t shortest = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const bool is_better =
          count_page_words(lines[shortest]) < 15 || lines[i].size() < lines[shortest].size();
      if (count_page_words(lines[i]) >= 15 && is_better) shortest = i;
    }
    document.present.push_back(lines[shortest]);
    lines[shortest] = misread_times(lines[shortest]);
    document.gone.push_back(lines[shortest]);
    document.text = join_lines(lines);
  }
  document.parameters["readings"] = is_twice ? 2 : 1;
  return std::vector{std::move(document)};
}

Planted menu_lines(PlantingContext& context) {
  constexpr auto kEnglish = std::to_array<std::string_view>(
      {"Skip to main content", "Share on Facebook", "Leave a comment", "Read more...",
       "Subscribe to our newsletter", "{} likes", "{} comments", "We use cookies on this site.",
       "Copyright © {} All rights reserved", "Back to top", "Forgot your password?"});
  constexpr auto kChinese = std::to_array<std::string_view>(
      {"返回顶部", "分享到微博", "阅读 {}", "评论({})", "责任编辑：小李", "点击查看更多",
       "登录后才能评论", "扫一扫关注我们", "京ICP备{}号", "上一篇：没有了"});
  CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  while (count_page_words(page.text) < 300) {  // a short page falls with its menu
    page = ALUDEL_TRY(context.pages.take(context.language()));
  }
  PlantedDocument document = document_of(page);
  std::vector<std::string> lines = page_lines(page.text);
  const std::size_t words = count_page_words(page.text);
  std::size_t added = 0;
  for (int i = 0; i < 3; ++i) {
    const std::string_view frame = page.language == PageLanguage::english
                                       ? kEnglish.at(context.random.below(kEnglish.size()))
                                       : kChinese.at(context.random.below(kChinese.size()));
    const std::string line =
        replace_all(std::string(frame), "{}", std::to_string(10 + context.random.below(9000)));
    added += count_page_words(line);
    if (added * 30 > words) break;  // well under the 5 % at which a page falls
    const std::size_t at = 1 + context.random.below(lines.size());
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), line);
    document.gone.push_back("\n" + line);
  }
  document.text = join_lines(lines);
  return std::vector{std::move(document)};
}

constexpr std::array kCorrectionKinds = std::to_array<PlantedKind>({
    {"personal_data", "personal data with right checksums", "correction",
     PlantedOutcome::dropped_or_edited, personal_data},
    {"harmless_numbers", "look-alikes with wrong checksums or in reserved ranges", "correction",
     PlantedOutcome::kept, harmless_numbers},
    {"mojibake", "UTF-8 read once or twice as windows-1252", "correction", PlantedOutcome::edited,
     mojibake},
    {"menu_lines", "lines of menus, counters and notices", "correction", PlantedOutcome::edited,
     menu_lines},
});

}  // namespace

std::span<const PlantedKind> correction_kinds() {
  return kCorrectionKinds;
}

}  // namespace aludel::planted
