#include "aludel/curate/document/scan/text_scan.h"

#include <algorithm>
#include <array>
#include <limits>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"
#include "aludel/curate/document/scan/peer_words.h"

namespace aludel::curate {
namespace {

constexpr std::int64_t kShortLineCharacters = 30;     // FineWeb, arXiv:2406.17557
constexpr std::int64_t kShortCjkLineCharacters = 10;  // ChineseWebText, arXiv:2311.01149

constexpr std::uint32_t packed(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) {
    letters = letters << 8U | static_cast<unsigned char>(c);
  }
  return letters;
}

/// Returns the bit of one of Gopher's eight stop words (arXiv:2112.11446 A1.1), in any case; 0 for
/// another word.
unsigned stop_word_bit(std::string_view word) {
  switch (packed(word) | packed("    ") >> (8 * (4 - word.size()))) {  // | ' ' makes lower case
    case packed("the"):
      return 1U << 0U;
    case packed("be"):
      return 1U << 1U;
    case packed("to"):
      return 1U << 2U;
    case packed("of"):
      return 1U << 3U;
    case packed("and"):
      return 1U << 4U;
    case packed("that"):
      return 1U << 5U;
    case packed("have"):
      return 1U << 6U;
    case packed("with"):
      return 1U << 7U;
    default:
      return 0;
  }
}

/// Returns a table by byte: 1 for a letter, 2 for a digit, 0 for anything else.
constexpr std::array<std::uint8_t, 256> ascii_runs() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < 128; ++i) {
    const auto c = static_cast<char>(i);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) table[i] = 1;
    if (c >= '0' && c <= '9') table[i] = 2;
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> kAsciiRuns = ascii_runs();

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool starts_with_bullet(std::string_view line) {
  return line[0] == '-' || line[0] == '*' || line.starts_with("\xE2\x80\xA2");
}

bool ends_with_ellipsis(std::string_view line) {
  return line.ends_with("...") || line.ends_with("\xE2\x80\xA6");
}

bool ends_lorem_ipsum(std::string_view text, std::size_t ipsum) {
  if (ipsum < 5) return false;
  const std::string_view phrase = text.substr(ipsum - 5, 10);
  return phrase == "orem ipsum" || phrase == "OREM IPSUM" || phrase == "orem Ipsum";
}

/// A pass over the text, line by line. `chunk_*_` describe the text since the last white space or
/// CJK letter.
class Scanner {
 public:
  explicit Scanner(std::string_view text)
      : table_(character_table()),
        text_(text),
        scan_{{}, ScannedWords(text.size()), {}, 0},
        line_ids_(text.size() / 64 + 8) {}

  TextScan run() {
    TextMetrics& m = scan_.metrics;
    for (std::size_t begin = 0; begin <= text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      if (end == begin) after_empty_line_ = true;
      scan_line(begin, end);
      if (end < text_.size()) ++m.newlines;
      begin = end + 1;
    }
    m.characters += m.newlines;
    m.white_space += m.newlines;
    m.stop_words = __builtin_popcount(stop_words_seen_);
    m.short_lines = m.cjk_characters > m.word_characters ? short_cjk_lines_ : short_lines_;
    m.lines = static_cast<std::int64_t>(scan_.lines.size());
    scan_.distinct_lines = line_ids_.size();
    return std::move(scan_);
  }

 private:
  void scan_line(std::size_t begin, std::size_t end) {
    const std::size_t raw = end - begin;
    while (begin < end && is_ascii_space(text_[begin])) {
      ++begin;
    }
    while (begin < end && is_ascii_space(text_[end - 1])) {
      --end;
    }
    const auto trimmed_away = static_cast<std::int64_t>(raw - (end - begin));
    scan_.metrics.characters += trimmed_away;
    scan_.metrics.white_space += trimmed_away;
    if (begin == end) return;
    const auto first_word = static_cast<std::uint32_t>(scan_.words.size());
    after_mark_ = false;
    dots_ = 0;
    line_characters_ = 0;
    for (std::size_t at = begin; at < end;) {
      at = take(at, end);
    }
    close_chunk();
    count_line(begin, end, first_word);
  }

  /// Reads the run or the character at `at`; returns its end.
  std::size_t take(std::size_t at, std::size_t end) {
    const auto byte = static_cast<unsigned char>(text_[at]);
    if (kAsciiRuns[byte] != 0) return take_run(at, end);
    if (byte == ' ') {
      take_space();
      return at + 1;
    }
    const CodePoint point = byte < 128 ? CodePoint{byte, 1} : decode_utf8(text_, at);
    const CharacterTraits traits = table_[point.value];
    switch (traits.glyph) {
      case Glyph::letter:
      case Glyph::number:
        return take_run(at, end);
      case Glyph::space:
        take_space();
        break;
      case Glyph::symbol:
        take_symbol(point.value, traits);
        break;
      case Glyph::cjk:
        take_cjk(at, point.size_bytes, traits);
        break;
    }
    return at + point.size_bytes;
  }

  void take_space() {
    ++line_characters_;
    ++scan_.metrics.white_space;
    if (after_mark_) ++scan_.metrics.sentences;
    after_mark_ = false;
    dots_ = 0;
    close_chunk();
  }

  void take_cjk(std::size_t at, std::size_t size, CharacterTraits traits) {
    ++line_characters_;
    end_wide_sentence();
    close_chunk();
    ++scan_.metrics.cjk_characters;
    if (traits.has(kHan)) ++scan_.metrics.han_characters;
    ++scan_.metrics.tokens;
    dots_ = 0;
    scan_.words.add(text_, at, size, 1);
  }

  std::size_t take_run(const std::size_t begin, std::size_t end) {
    std::size_t at = begin;
    std::size_t characters = 0;
    std::size_t digits = 0;
    while (at < end) {
      // OPTIMIZATION: a table of 256 bytes decides for ASCII, which is most text.
      const std::size_t from = at;
      for (std::uint8_t kind = 0; at < end && (kind = kAsciiRuns[byte_at(at)]) != 0; ++at) {
        digits += static_cast<std::size_t>(kind >> 1U);
      }
      characters += at - from;
      if (at == end || byte_at(at) < 128) break;
      const CodePoint point = decode_utf8(text_, at);
      const Glyph glyph = table_[point.value].glyph;
      if (glyph != Glyph::letter && glyph != Glyph::number) break;
      if (glyph == Glyph::number) ++digits;
      ++characters;
      at += point.size_bytes;
    }
    end_wide_sentence();
    scan_.words.add(text_, begin, at - begin, characters);
    scan_.metrics.digits += static_cast<std::int64_t>(digits);
    line_characters_ += characters;
    chunk_length_ += characters + (chunk_runs_ > 0 ? pending_symbols_ : 0);
    ++chunk_runs_;
    pending_symbols_ = 0;
    dots_ = 0;
    chunk_has_letter_ = chunk_has_letter_ || digits < characters;
    if ((text_[begin] | 0x20) == 'i' && ends_lorem_ipsum(text_, begin)) {
      scan_.metrics.lorem_ipsum = true;
    }
    return at;
  }

  unsigned char byte_at(std::size_t at) const { return static_cast<unsigned char>(text_[at]); }

  /// Ends a sentence at a full-width mark, whatever follows. Another mark needs white space or the
  /// line's end behind it, or behind its quotes and brackets: "3.14" and "example.org" have no end.
  void end_wide_sentence() {
    if (after_mark_ && wide_mark_) ++scan_.metrics.sentences;
    after_mark_ = false;
  }

  void take_symbol(char32_t c, CharacterTraits traits) {
    ++line_characters_;
    ++pending_symbols_;
    if (c == '#') ++scan_.metrics.hashes;
    if (c == '{') scan_.metrics.curly_bracket = true;
    dots_ = c == '.' ? dots_ + 1 : 0;
    if (dots_ == 3 || c == 0x2026) {
      ++scan_.metrics.ellipses;
      dots_ = 0;
    }
    if (traits.has(kSentenceEnd)) {
      after_mark_ = true;
      wide_mark_ = c >= 0x3000;
    } else if (!traits.has(kCloser)) {
      end_wide_sentence();
    }
  }

  void close_chunk() {
    if (chunk_runs_ == 0 && pending_symbols_ == 0) return;
    TextMetrics& m = scan_.metrics;
    ++m.tokens;
    if (chunk_runs_ > 0) {
      ++m.words;
      const auto length = static_cast<std::int64_t>(chunk_length_);
      m.word_characters += length;
      m.longest_word = std::max(m.longest_word, length);
      if (chunk_has_letter_) ++m.alphabetic_words;
      if (chunk_runs_ == 1) note_stop_word(scan_.words[scan_.words.size() - 1]);
    }
    chunk_runs_ = 0;
    chunk_length_ = 0;
    pending_symbols_ = 0;
    chunk_has_letter_ = false;
  }

  void note_stop_word(const ScannedWord& word) {
    if (word.size < 2 || word.size > 4) return;
    stop_words_seen_ |= stop_word_bit(text_.substr(word.begin, word.size));
  }

  void count_line(std::size_t begin, std::size_t end, std::uint32_t first_word) {
    const std::string_view line = text_.substr(begin, end - begin);
    TextMetrics& m = scan_.metrics;
    const auto characters = static_cast<std::int64_t>(line_characters_);
    m.characters += characters;
    m.line_characters += characters;
    if (starts_with_bullet(line)) ++m.bullet_lines;
    if (ends_with_ellipsis(line)) ++m.ellipsis_lines;
    if (after_mark_) {
      ++m.terminal_lines;
      ++m.sentences;
    }
    if (characters <= kShortLineCharacters) ++short_lines_;
    if (characters <= kShortCjkLineCharacters) ++short_cjk_lines_;
    const std::size_t seen = line_ids_.size();
    const std::uint32_t id = line_ids_.add(hash64(line) | 1U);
    if (line_ids_.size() == seen) m.duplicate_line_characters += characters;
    scan_.lines.push_back({static_cast<std::uint32_t>(begin),
                           static_cast<std::uint32_t>(end - begin), id,
                           static_cast<std::uint32_t>(line_characters_), first_word,
                           after_empty_line_ || scan_.lines.empty()});
    after_empty_line_ = false;
  }

  const CharacterTable& table_;
  std::string_view text_;
  TextScan scan_;
  WordIds line_ids_;
  std::int64_t short_lines_ = 0;
  std::int64_t short_cjk_lines_ = 0;
  unsigned stop_words_seen_ = 0;
  std::size_t line_characters_ = 0;
  std::size_t chunk_runs_ = 0;       // runs of letters and numbers
  std::size_t chunk_length_ = 0;     // from the first to the last run
  std::size_t pending_symbols_ = 0;  // part of the word only if another run follows
  bool chunk_has_letter_ = false;
  int dots_ = 0;
  bool after_empty_line_ = false;
  bool after_mark_ = false;  // only quotes and brackets follow the last sentence-ending mark
  bool wide_mark_ = false;
};

}  // namespace

ScannedWords::ScannedWords(std::size_t text_bytes) : ids_(text_bytes / 16 + 32) {
  words_.reserve(text_bytes / 5 + 8);
}

TextScan scan_text(std::string_view text, WordRule rule) {
  ALUDEL_CHECK(text.size() < std::numeric_limits<std::uint32_t>::max(), "a text of 4 GB");
  switch (rule) {
    case WordRule::runs:
      break;
    case WordRule::white_space:
      return {{}, white_space_words(text), {}, 0};
    case WordRule::spacy:
      return {{}, spacy_words(text), {}, 0};
    case WordRule::uax29:
      return {{}, uax29_words(text), {}, 0};
  }
  return Scanner(text).run();
}

TextMetrics measure_text(std::string_view text) {
  return scan_text(text).metrics;
}

}  // namespace aludel::curate
