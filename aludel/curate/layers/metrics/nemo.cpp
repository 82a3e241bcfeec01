#include <algorithm>
#include <array>

#include <unicode/uchar.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/chunks.h"
#include "aludel/curate/document/scan/python_lines.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/metrics/gopher_words.h"
#include "aludel/curate/layers/metrics/peers.h"
#include "aludel/curate/layers/shared/line_rules/c4.h"
#include "aludel/curate/layers/shared/share.h"

namespace aludel::curate {
namespace {

bool contains(std::string_view set, char c) {
  return set.find(c) != std::string_view::npos;
}

bool is_ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Counts of single characters.
struct CharacterCounts {
  std::size_t all = 0;
  std::size_t plain = 0;  // a-z, A-Z, 0-9, new lines and ?!,.
  std::size_t digits = 0;
  std::size_t white_space = 0;
  std::size_t parentheses = 0;
};

CharacterCounts count_each(std::string_view text) {
  CharacterCounts counts;
  for (std::size_t at = 0; at < text.size(); ++counts.all) {
    const CodePoint point = decode_utf8(text, at);
    at += point.size_bytes;
    if (point.value >= 128) {
      if (u_isdigit(static_cast<UChar32>(point.value)) != 0) ++counts.digits;
      if (point.value == 0x27E8 || point.value == 0x27E9) ++counts.parentheses;
      continue;
    }
    const auto c = static_cast<char>(point.value);
    if (is_ascii_alnum(c) || contains("\n?!,.", c)) ++counts.plain;
    if (c >= '0' && c <= '9') ++counts.digits;
    if (contains("\t\n\r\b ", c)) ++counts.white_space;
    if (contains("{}[]()", c)) ++counts.parentheses;
  }
  return counts;
}

/// Returns the number of characters in http(s) addresses, which are ASCII.
std::size_t address_characters(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t at = text.find("http"); at != std::string_view::npos;
       at = text.find("http", at + 1)) {
    std::size_t end = at + (text.substr(at + 4).starts_with("s") ? 5 : 4);
    if (!text.substr(end).starts_with("://")) continue;
    end += 3;
    const std::size_t host = end;
    while (end < text.size() &&
           (is_ascii_alnum(text[end]) || contains("$-_@.&+/:=?#~!*(),", text[end]) ||
            (text[end] == '%' && end + 2 < text.size()))) {
      ++end;
    }
    if (end == host) continue;
    characters += end - at;
    at = end - 1;
  }
  return characters;
}

/// True for an ellipsis, and for a word with more than half runs of '#' (a run counts once).
bool is_symbol_word(std::string_view word) {
  static constexpr std::array<std::string_view, 5> kEllipses = {"...", "[...]", "\xE2\x80\xA6",
                                                                "(...)", "[\xE2\x80\xA6]"};
  if (std::ranges::find(kEllipses, word) != kEllipses.end() || word == "-\xC2\xBB") return true;
  std::size_t runs = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '#' && (i == 0 || word[i - 1] != '#')) ++runs;
  }
  return runs > 0 && runs * 2 > count_characters(word);
}

bool starts_with_nemo_bullet(std::string_view line) {
  static constexpr std::array<std::string_view, 12> kBullets = {"•", "‣", "⁃", "⁌", "⁍", "∙",
                                                                "○", "●", "◘", "◦", "⦾", "⦿"};
  return std::ranges::any_of(kBullets, [&](std::string_view b) { return line.starts_with(b); });
}

bool ends_with_nemo_ellipsis(std::string_view lower) {
  static constexpr std::array<std::string_view, 8> kEllipses = {
      "...", "[...]", "…", "(...)", "[…]", "-»", "read more..", "read more"};
  return std::ranges::any_of(kEllipses, [&](std::string_view e) { return lower.ends_with(e); });
}

/// Returns the share of paragraphs with one of NeMo Curator's policy phrases; 1 if the text has
/// "lorem ipsum". DEVIATION: whole sentences about cookies are left out, because they hold one of
/// the short phrases or differ by site.
double boilerplate_share(std::string_view text) {
  const std::string lower = lower_ascii(text);
  if (lower.find("lorem ipsum") != std::string::npos) return 1;
  const auto paragraphs = python_split(lower, "\n\n");
  std::size_t boilerplate = 0;
  for (const std::string_view paragraph : paragraphs) {
    const bool has_phrase = has_policy_phrase(paragraph) ||
                            paragraph.find("privacy overview") != std::string_view::npos ||
                            paragraph.find("privacy & cookies policy") != std::string_view::npos ||
                            paragraph.find("privacy and cookies policy") != std::string_view::npos;
    if (has_phrase) ++boilerplate;
  }
  return share_of(boilerplate, paragraphs.size());
}

void measure_words(std::string_view text, const ScannedWords& words, Measured& measured) {
  std::size_t symbols = 0;
  std::size_t alphabetic = 0;
  std::size_t stop_words = 0;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = text.substr(words[i].begin, words[i].size);
    if (is_symbol_word(word)) ++symbols;
    if (has_letter(word)) ++alphabetic;
    if (is_gopher_stop_word(word)) ++stop_words;
    longest = std::max(longest, words.characters(i, i + 1));
  }
  measured.add("hashes_per_word", share_of(symbols, words.size()));
  measured.add("words", static_cast<double>(words.size()));
  measured.add("mean_word_length", share_of(words.all_characters(), words.size()));
  measured.add("longest_word", static_cast<double>(longest));
  measured.add("alphabetic_words", share_of(alphabetic, words.size()));
  measured.add("stop_words", static_cast<double>(stop_words));
}

}  // namespace

void measure_as_nemo(Document& document, const MetricsSettings& /*settings*/, Measured& measured) {
  const std::string_view text = document.text;
  const CharacterCounts counts = count_each(text);
  measure_words(text, document.scan.of(text, WordRule::white_space).words, measured);
  measured.add("symbols", share_of(counts.all - counts.plain, counts.all));
  measured.add("digits", share_of(counts.digits, counts.all));
  measured.add("urls", share_of(address_characters(text), counts.all));
  measured.add("white_space", share_of(counts.white_space, counts.all));
  measured.add("parentheses", share_of(counts.parentheses, counts.all));
  measured.add("boilerplate_paragraphs", boilerplate_share(text));
  std::size_t lines = 0;
  std::size_t terminal = 0;
  std::size_t bullets = 0;
  std::size_t ellipses = 0;
  for (const std::string_view raw : split_at_newlines(text)) {
    const std::string_view line = python_strip(raw);
    if (line.empty()) continue;
    ++lines;
    if (contains(".?!\"'", line.back())) ++terminal;
    if (starts_with_nemo_bullet(line)) ++bullets;
    if (ends_with_nemo_ellipsis(lower_ascii(line))) ++ellipses;
  }
  measured.add("terminal_lines", share_of(terminal, lines));
  measured.add("bullet_lines", share_of(bullets, lines));
  measured.add("ellipsis_lines", share_of(ellipses, lines));
}

}  // namespace aludel::curate
