#include "aludel/planted/pages.h"

#include <algorithm>
#include <unordered_set>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"
#include "aludel/text/words.h"

namespace aludel::planted {
namespace {

constexpr std::size_t kLeastWords = 120;
constexpr std::size_t kMostWords = 1500;
constexpr std::size_t kProseLineWords = 10;
constexpr std::size_t kShingleWords = 5;

std::size_t language_index(PageLanguage language) {
  return static_cast<std::size_t>(language);
}

/// English or Chinese by the share of Han letters; false for a page in another language.
bool find_language(const curate::Document& document, PageLanguage& language) {
  std::size_t han = 0;
  std::size_t all = 0;
  for (std::size_t at = 0; at < document.text.size(); ++all) {
    const CodePoint c = decode_utf8(document.text, at);
    if (is_han(c.value)) ++han;
    at += c.size_bytes;
  }
  const bool is_chinese = han * 10 > all * 3;
  const std::string_view code = document.language;
  language = is_chinese ? PageLanguage::chinese : PageLanguage::english;
  return code.empty() || code == page_language_code(language);
}

std::string collection_of(const curate::Document& document) {
  if (!document.source.empty()) return document.source;
  const std::string_view url = document.url;
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t folder = url.find('/', host);
  if (folder == std::string_view::npos) return std::string(url.substr(host));
  const std::size_t end = url.find('/', folder + 1);  // none: the page lies in no folder
  return std::string(url.substr(host, (end == std::string_view::npos ? folder : end) - host));
}

/// The page's lines up to the limit of words; "" when it is no prose.
std::string prose_of(std::string_view text) {
  std::vector<std::string> kept;
  std::size_t words = 0;
  std::size_t prose_words = 0;
  for (std::string& line : page_lines(text)) {
    if (words >= kMostWords) break;
    const std::size_t count = count_page_words(line);
    words += count;
    if (count >= kProseLineWords) prose_words += count;
    kept.push_back(std::move(line));
  }
  if (words < kLeastWords || prose_words * 10 < words * 8) return {};
  return join_lines(kept);
}

}  // namespace

std::string_view page_language_code(PageLanguage language) {
  return language == PageLanguage::english ? "en" : "zh";
}

CleanPages::CleanPages(std::vector<curate::Document> documents, std::uint64_t seed) {
  std::ranges::sort(documents, {}, [seed](const curate::Document& document) {
    return std::pair(hash64(document.id, seed), document.id);
  });
  std::unordered_set<std::uint64_t> seen;
  for (const curate::Document& document : documents) {
    CleanPage page{prose_of(document.text), collection_of(document), PageLanguage::english};
    if (page.text.empty() || !find_language(document, page.language)) continue;
    const auto shingles = shingle_hashes(page.text);
    const auto known = std::ranges::count_if(
        shingles, [&](std::uint64_t shingle) { return seen.contains(shingle); });
    if (std::cmp_greater(known * 3, shingles.size())) continue;
    seen.insert(shingles.begin(), shingles.end());
    pages_.at(language_index(page.language)).push_back(std::move(page));
  }
  for (auto& pages : pages_) {
    std::ranges::reverse(pages);
  }
}

std::size_t CleanPages::left(PageLanguage language) const {
  return pages_.at(language_index(language)).size();
}

Result<CleanPage> CleanPages::take(PageLanguage language) {
  auto& pages = pages_.at(language_index(language));
  if (pages.empty()) {
    return Error{Code::invalid_argument,
                 "[plant] too few clean pages of language '" +
                     std::string(page_language_code(language)) +
                     "' that are prose; give more with --clean or plant fewer with --count"};
  }
  CleanPage page = std::move(pages.back());
  pages.pop_back();
  return page;
}

Result<std::array<CleanPage, 2>> CleanPages::take_unlike(PageLanguage language) {
  CleanPage first = ALUDEL_TRY(take(language));
  auto& pages = pages_.at(language_index(language));
  const auto other = std::find_if(pages.rbegin(), pages.rend(), [&](const CleanPage& page) {
    return page.collection != first.collection;
  });
  if (other == pages.rend()) {
    return Error{Code::invalid_argument,
                 "[plant] the clean pages of language '" +
                     std::string(page_language_code(language)) + "' that are left are all of '" +
                     first.collection +
                     "', and a splice needs two collections; give pages of another with --clean"};
  }
  std::iter_swap(other, pages.rbegin());
  CleanPage second = ALUDEL_TRY(take(language));
  return std::array<CleanPage, 2>{std::move(first), std::move(second)};
}

std::size_t count_page_words(std::string_view text) {
  return text::word_hashes(text).size();
}

std::vector<std::string> page_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.emplace_back(line);
    begin = end + 1;
  }
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

std::vector<std::size_t> sentence_starts(std::string_view text, PageLanguage language) {
  std::vector<std::size_t> starts;
  const std::string_view mark = language == PageLanguage::english ? ". " : "。";
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark, at + 1)) {
    const std::size_t start = at + mark.size();
    const bool is_word_before = at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z';
    const bool is_sentence =
        language == PageLanguage::chinese ||
        (is_word_before && start < text.size() && text[start] >= 'A' && text[start] <= 'Z');
    if (is_sentence) starts.push_back(start);
  }
  return starts;
}

std::vector<std::uint64_t> shingle_hashes(std::string_view text) {
  const text::WindowHashes windows(text::word_hashes(text));
  std::vector<std::uint64_t> hashes;
  for (std::size_t i = 0; i + kShingleWords <= windows.symbols(); ++i) {
    hashes.push_back(windows.window(i, kShingleWords));
  }
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

double shingle_jaccard(std::string_view a, std::string_view b) {
  const auto first = shingle_hashes(a);
  const auto second = shingle_hashes(b);
  std::vector<std::uint64_t> common;
  std::ranges::set_intersection(first, second, std::back_inserter(common));
  const std::size_t all = first.size() + second.size() - common.size();
  return all == 0 ? 0 : static_cast<double>(common.size()) / static_cast<double>(all);
}

}  // namespace aludel::planted
