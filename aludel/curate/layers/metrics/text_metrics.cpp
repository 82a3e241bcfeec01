#include "aludel/curate/layers/metrics/text_metrics.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <unicode/uchar.h>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::int64_t kShortLineCharacters = 30;     // FineWeb, arXiv:2406.17557
constexpr std::int64_t kShortCjkLineCharacters = 10;  // ChineseWebText, arXiv:2311.01149

enum class Glyph : std::uint8_t { space, letter, number, cjk, symbol };

Glyph glyph_of_unicode(char32_t c) {
  const auto icu = static_cast<UChar32>(c);
  if (u_isUWhiteSpace(icu) != 0) return Glyph::space;
  const std::uint32_t category = U_GET_GC_MASK(icu);
  if ((category & U_GC_N_MASK) != 0) return Glyph::number;
  if ((category & (U_GC_L_MASK | U_GC_M_MASK)) == 0) return Glyph::symbol;
  return is_cjk(c) ? Glyph::cjk : Glyph::letter;
}

constexpr std::array<Glyph, 128> ascii_glyphs() {
  std::array<Glyph, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto c = static_cast<char>(i);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    table[i] = space                  ? Glyph::space
               : letter               ? Glyph::letter
               : c >= '0' && c <= '9' ? Glyph::number
                                      : Glyph::symbol;
  }
  return table;
}

constexpr std::array<Glyph, 128> kAsciiGlyphs = ascii_glyphs();

bool ends_sentence(char32_t c) {
  if (c < 128) return c == '.' || c == '!' || c == '?';
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_S_TERM) != 0;
}

/// Marks that may follow the one that ends a sentence: quotes and closing brackets.
bool closes_quote(char32_t c) {
  if (c < 128) return c == '"' || c == '\'' || c == ')' || c == ']';
  const std::uint32_t category = U_GET_GC_MASK(static_cast<UChar32>(c));
  return (category & (U_GC_PE_MASK | U_GC_PF_MASK)) != 0;
}

/// Gopher's eight stop words, arXiv:2112.11446 A1.1; -1 for another word.
int stop_word_index(std::string_view word) {
  static constexpr std::array<std::string_view, 8> kStopWords = {"the", "be",   "to",   "of",
                                                                 "and", "that", "have", "with"};
  std::array<char, 4> lower{};
  if (word.size() < 2 || word.size() > lower.size()) return -1;
  std::ranges::transform(word, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  const auto found = std::ranges::find(kStopWords, std::string_view(lower.data(), word.size()));
  return found == kStopWords.end() ? -1 : static_cast<int>(found - kStopWords.begin());
}

std::string_view trim_ascii(std::string_view line) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!line.empty() && is_space(line.front()))
    line.remove_prefix(1);
  while (!line.empty() && is_space(line.back()))
    line.remove_suffix(1);
  return line;
}

bool starts_with_bullet(std::string_view line) {
  return line.starts_with("-") || line.starts_with("*") || line.starts_with("\xE2\x80\xA2");
}

bool ends_with_ellipsis(std::string_view line) {
  return line.ends_with("...") || line.ends_with("\xE2\x80\xA6");
}

std::int64_t count_of(std::string_view text, std::string_view what) {
  std::int64_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

/// Counts line by line; `word_*_` describe the run of characters that is still open.
class TextMeter {
 public:
  TextMetrics measure(std::string_view text) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      scan_line(text.substr(begin, end - begin));
      if (end < text.size()) {
        ++metrics_.newlines;
        ++metrics_.characters;
        ++metrics_.white_space;
      }
      begin = end + 1;
    }
    metrics_.stop_words = __builtin_popcount(stop_words_seen_);
    const bool mostly_cjk = metrics_.cjk_characters > metrics_.word_characters;
    metrics_.short_lines = mostly_cjk ? short_cjk_lines_ : short_lines_;
    metrics_.ellipses = count_of(text, "...") + count_of(text, "\xE2\x80\xA6");
    metrics_.curly_bracket = text.find('{') != std::string_view::npos;
    metrics_.lorem_ipsum = contains_lorem_ipsum(text);
    return metrics_;
  }

 private:
  static bool contains_lorem_ipsum(std::string_view text) {
    return text.find("orem ipsum") != std::string_view::npos ||
           text.find("LOREM IPSUM") != std::string_view::npos ||
           text.find("Lorem Ipsum") != std::string_view::npos;
  }

  void scan_line(std::string_view line) {
    const std::string_view trimmed = trim_ascii(line);
    const auto trimmed_away = static_cast<std::int64_t>(line.size() - trimmed.size());
    metrics_.characters += trimmed_away;
    metrics_.white_space += trimmed_away;
    if (trimmed.empty()) return;
    after_mark_ = false;
    std::int64_t characters = 0;
    for (std::size_t at = 0; at < trimmed.size(); ++characters) {
      const auto byte = static_cast<unsigned char>(trimmed[at]);
      const CodePoint point = byte < 128 ? CodePoint{byte, 1} : decode_utf8(trimmed, at);
      const Glyph glyph = byte < 128 ? kAsciiGlyphs[byte] : glyph_of_unicode(point.value);
      take(trimmed, at, point, glyph);
      at += point.size_bytes;
    }
    close_token(trimmed);
    metrics_.characters += characters;
    count_line(trimmed, characters);
  }

  void take(std::string_view line, std::size_t at, const CodePoint& point, Glyph glyph) {
    count_sentence_end(point.value, glyph);
    if (glyph == Glyph::space) {
      ++metrics_.white_space;
      close_token(line);
      return;
    }
    if (glyph == Glyph::cjk) {
      close_token(line);
      ++metrics_.cjk_characters;
      if (is_han(point.value)) ++metrics_.han_characters;
      ++metrics_.tokens;
      return;
    }
    token_open_ = true;
    if (glyph == Glyph::symbol) {
      if (point.value == '#') ++metrics_.hashes;
      ++pending_symbols_;
      return;
    }
    if (glyph == Glyph::number) ++metrics_.digits;
    if (word_length_ == 0) word_begin_ = at;
    word_length_ += (word_length_ == 0 ? 0 : pending_symbols_) + 1;
    pending_symbols_ = 0;
    word_end_ = at + point.size_bytes;
    word_has_letter_ = word_has_letter_ || glyph == Glyph::letter;
  }

  /// A sentence ends at a mark that white space or the line's end follows (after a full-width mark,
  /// anything), quotes and brackets aside, so that "3.14" and "example.org" hold none.
  void count_sentence_end(char32_t c, Glyph glyph) {
    if (glyph == Glyph::symbol && ends_sentence(c)) {
      after_mark_ = true;
      wide_mark_ = c >= 0x3000;
      return;
    }
    if (!after_mark_ || (glyph == Glyph::symbol && closes_quote(c))) return;
    if (glyph == Glyph::space || wide_mark_) ++metrics_.sentences;
    after_mark_ = false;
  }

  void close_token(std::string_view line) {
    if (!token_open_) return;
    ++metrics_.tokens;
    if (word_length_ > 0) {
      ++metrics_.words;
      metrics_.word_characters += word_length_;
      if (word_has_letter_) ++metrics_.alphabetic_words;
      const int stop_word = stop_word_index(line.substr(word_begin_, word_end_ - word_begin_));
      if (stop_word >= 0) stop_words_seen_ |= 1U << static_cast<unsigned>(stop_word);
    }
    token_open_ = false;
    word_length_ = 0;
    pending_symbols_ = 0;
    word_has_letter_ = false;
  }

  void count_line(std::string_view line, std::int64_t characters) {
    ++metrics_.lines;
    metrics_.line_characters += characters;
    if (starts_with_bullet(line)) ++metrics_.bullet_lines;
    if (ends_with_ellipsis(line)) ++metrics_.ellipsis_lines;
    if (after_mark_) {
      ++metrics_.terminal_lines;
      ++metrics_.sentences;
    }
    if (characters <= kShortLineCharacters) ++short_lines_;
    if (characters <= kShortCjkLineCharacters) ++short_cjk_lines_;
    if (!seen_lines_.insert(hash64(line)).second) {
      metrics_.duplicate_line_characters += characters;
    }
  }

  TextMetrics metrics_;
  std::unordered_set<std::uint64_t> seen_lines_;
  std::int64_t short_lines_ = 0;
  std::int64_t short_cjk_lines_ = 0;
  unsigned stop_words_seen_ = 0;
  bool token_open_ = false;
  std::size_t word_begin_ = 0;
  std::size_t word_end_ = 0;
  std::int64_t word_length_ = 0;
  std::int64_t pending_symbols_ = 0;  // inside the word only if a letter or number follows
  bool word_has_letter_ = false;
  bool after_mark_ = false;  // nothing but quotes and brackets since a sentence-ending mark
  bool wide_mark_ = false;
};

}  // namespace

TextMetrics measure_text(std::string_view text) {
  return TextMeter().measure(text);
}

}  // namespace aludel::curate
