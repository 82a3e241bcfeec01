#include "aludel/curate/layers/correction/line_edits.h"

#include <algorithm>
#include <array>
#include <vector>

#include "aludel/base/ascii.h"
#include "aludel/curate/layers/correction/interface_phrases.h"
#include "aludel/text/words.h"

namespace aludel::curate {
namespace {

// Words for what a counter counts. Source: RefinedWeb's list, and its Chinese counterparts.
constexpr auto kCountedEnglish = std::to_array<std::string_view>(
    {"likes",   "like",      "shares",    "share",    "comments",   "comment",   "retweets",
     "retweet", "reposts",   "repost",    "quotes",   "quote",      "bookmarks", "bookmark",
     "upvotes", "upvote",    "downvotes", "downvote", "downloads",  "download",  "views",
     "view",    "followers", "follower",  "replies",  "subscribers"});
constexpr auto kCountedChinese = std::to_array<std::string_view>(
    {"阅读", "阅读量", "评论", "点赞", "转发", "收藏", "分享", "浏览", "浏览量", "播放", "粉丝",
     "点击", "回复", "赞", "下载", "人气"});

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_multi_byte(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

std::string_view trimmed(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

// Returns the line without the punctuation around items of menus: "| Home |", "» 返回顶部 «".
std::string_view bare(std::string_view line) {
  constexpr std::string_view kAscii = " \t|*-.:!?>[]()#+";
  constexpr auto kWide = std::to_array<std::string_view>(
      {"»",  "«",  "›", "‹", "…", "。", "：", "！", "？",       "【",          "】",
       "（", "）", "·", "•", "→", "↑",  "→",  "▲",  "\xC2\xA0", "\xE3\x80\x80"});
  for (bool is_changed = true; is_changed && !line.empty();) {
    is_changed = false;
    if (kAscii.find(line.front()) != std::string_view::npos) {
      line.remove_prefix(1);
      is_changed = true;
    } else if (kAscii.find(line.back()) != std::string_view::npos) {
      line.remove_suffix(1);
      is_changed = true;
    }
    if (line.empty() || !(is_multi_byte(line.front()) || is_multi_byte(line.back()))) continue;
    for (const std::string_view mark : kWide) {
      if (line.starts_with(mark)) {
        line.remove_prefix(mark.size());
        is_changed = true;
      } else if (line.ends_with(mark)) {
        line.remove_suffix(mark.size());
        is_changed = true;
      }
    }
  }
  return line;
}

std::size_t number_end(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && (is_digit(text[i]) || text[i] == ',' || text[i] == '.')) {
    ++i;
  }
  if (i > 0 && i < text.size() &&
      std::string_view("KkMmBb+").find(text[i]) != std::string_view::npos)
    ++i;
  return i;
}

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::ranges::find(words, word) != words.end();
}

/// True for a page number or the like: only digits and punctuation.
bool is_numeric(std::string_view line) {
  return std::ranges::any_of(line, is_digit) &&
         std::ranges::none_of(line, [](char c) { return is_letter(c) || is_multi_byte(c); });
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// True for a page number that cuts a sentence in two. Other numbers are cells of tables and steps.
bool is_stray_number(const std::vector<std::string_view>& lines, std::size_t i) {
  if (i == 0 || i + 1 >= lines.size() || !is_numeric(lines[i])) return false;
  const std::string_view before = trimmed(lines[i - 1]);
  const std::string_view after = trimmed(lines[i + 1]);
  if (before.empty() || after.empty() || trimmed(lines[i]).size() > 12) return false;
  return count_line_words(before) >= 5 && count_line_words(after) >= 5 &&
         (is_letter(before.back()) || before.back() == ',') && after[0] >= 'a' && after[0] <= 'z';
}

// Counts words that a sentence in capitals has, but a list of names or SQL does not.
std::size_t count_shouted_words(std::string_view line) {
  constexpr auto kWords =
      std::to_array<std::string_view>({"THE", "YOU", "YOUR", "OUR", "WE", "NOW", "IS", "ARE",
                                       "THIS", "HERE", "US", "WILL", "MUST", "DON'T", "IT"});
  std::size_t count = 0;
  for (const std::string_view word : kWords) {
    const auto at = line.find(word);
    if (at == std::string_view::npos) continue;
    const bool is_cut = (at > 0 && is_letter(line[at - 1])) ||
                        (at + word.size() < line.size() && is_letter(line[at + word.size()]));
    if (!is_cut) ++count;
  }
  return count;
}

enum class LetterKind : std::uint8_t { none, small, capital, code };

/// Tells by byte what a letter is, and what code and listings have beside capitals: SQL, constants,
/// hexadecimal.
constexpr std::array<LetterKind, 256> make_letter_kinds() {
  std::array<LetterKind, 256> kinds{};
  for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
    const auto c = static_cast<char>(byte);
    if (is_letter(c)) kinds[byte] = c >= 'a' ? LetterKind::small : LetterKind::capital;
    if (is_digit(c)) kinds[byte] = LetterKind::code;
  }
  for (const char c : std::string_view("_(){}[]<>=;|/\\*`~$@%^")) {
    kinds[static_cast<unsigned char>(c)] = LetterKind::code;
  }
  return kinds;
}

constexpr std::array<LetterKind, 256> kLetterKinds = make_letter_kinds();

}  // namespace

std::int64_t count_line_words(std::string_view line) {
  const text::WordKindCounts counts = text::count_words(line);
  return static_cast<std::int64_t>(counts.words + (counts.cjk + 1) / 2);
}

bool is_counter_line(std::string_view line) {
  const std::string_view given = bare(line);
  if (given.empty() || is_letter(given.front())) return false;  // OPTIMIZATION: as most lines are
  const std::string plain = lower_ascii(given);
  const std::size_t end = number_end(plain);
  const bool is_section = end > 0 && (plain[end - 1] == '.' || plain[end - 1] == ',');
  if (is_section) return false;  // "37.66. views"
  if (end > 0) return is_one_of(trimmed(std::string_view(plain).substr(end)), kCountedEnglish);
  return std::ranges::any_of(kCountedChinese, [&](std::string_view counted) {
    if (!plain.starts_with(counted)) return false;
    const std::string_view rest = bare(std::string_view(plain).substr(counted.size()));
    return !rest.empty() && is_digit(rest[0]) && number_end(rest) == rest.size();
  });
}

Result<LineEditor> LineEditor::create(const LineEditSettings& settings) {
  std::vector<std::string> phrases;
  for (const InterfacePhrase& phrase : interface_phrases()) {
    phrases.emplace_back(phrase.text);
  }
  return LineEditor(settings, ALUDEL_TRY(safety::PatternSet::of_literals(phrases)));
}

bool LineEditor::is_interface_line(std::string_view line, std::int64_t words) const {
  if (words > settings_.max_interface_words) return false;
  const std::string_view plain = bare(line);
  for (const safety::PatternHit& hit : phrases_.find(plain)) {
    const PhrasePlace place = interface_phrases()[hit.pattern].place;
    const bool at_begin = hit.begin == 0;
    const bool to_end = hit.end == plain.size();
    const bool is_cut = (hit.end < plain.size() && is_letter(plain[hit.end])) ||
                        (hit.begin > 0 && is_letter(plain[hit.begin - 1]));
    if (place == PhrasePlace::part || (at_begin && to_end) ||
        (place == PhrasePlace::begin && at_begin && !is_cut))
      return true;
  }
  return false;
}

bool LineEditor::is_javascript_line(std::string_view line, std::int64_t words) const {
  return words <= settings_.max_javascript_words &&
         lower_ascii(line).find("javascript") != std::string::npos;
}

bool LineEditor::is_shouted(std::string_view line, std::int64_t words) const {
  if (words < settings_.min_uppercase_words) return false;
  std::int64_t letters = 0;
  std::int64_t capitals = 0;
  for (const char c : line) {
    const LetterKind kind = kLetterKinds[static_cast<unsigned char>(c)];
    if (kind == LetterKind::code) return false;
    letters += kind == LetterKind::none ? 0 : 1;
    capitals += kind == LetterKind::capital ? 1 : 0;
  }
  return count_shouted_words(line) >= 2 &&
         static_cast<double>(capitals) > settings_.max_uppercase * static_cast<double>(letters);
}

EditedLines LineEditor::apply(std::string_view text) const {
  EditedLines result;
  const auto lines = lines_of(text);
  bool is_first = true;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::int64_t words = count_line_words(lines[i]);
    result.words += words;
    const bool is_removed = is_counter_line(lines[i]) || is_stray_number(lines, i) ||
                            is_shouted(lines[i], words) || is_javascript_line(lines[i], words) ||
                            is_interface_line(lines[i], words);
    if (is_removed) {
      ++result.lines_removed;
      result.words_removed += words;
      continue;
    }
    if (!is_first) result.text += '\n';
    is_first = false;
    result.text += lines[i];
  }
  return result;
}

}  // namespace aludel::curate
