#include "aludel/text/words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <unicode/uchar.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

enum class CharacterClass : std::uint8_t { space, word, cjk, symbol };

/// CJK Unified Ideographs: letters of one class without case, and most of what Chinese text is.
bool is_unified_ideograph(char32_t c) {
  return c >= 0x4E00 && c <= 0x9FFF;
}

CharacterClass class_of(char32_t c) {
  if (is_unified_ideograph(c)) return CharacterClass::cjk;
  const auto icu = static_cast<UChar32>(c);
  if (u_isUWhiteSpace(icu) != 0 || u_iscntrl(icu) != 0) return CharacterClass::space;
  const bool letter_like = (U_GET_GC_MASK(icu) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
  if (is_cjk(c)) return letter_like ? CharacterClass::cjk : CharacterClass::symbol;
  return letter_like ? CharacterClass::word : CharacterClass::symbol;
}

/// What the scanner has to know of a code point.
struct Character {
  CharacterClass kind;
  char32_t folded;
};

Character character_of(char32_t c) {
  const auto icu = static_cast<UChar32>(c);
  return {class_of(c), static_cast<char32_t>(u_foldCase(icu, U_FOLD_CASE_DEFAULT))};
}

/// The alphabets, most signs, and kana.
constexpr std::size_t kTabledCharacters = 0x3100;
using CharacterTable = std::array<Character, kTabledCharacters>;

const CharacterTable& character_table() {
  static const CharacterTable characters = [] {
    CharacterTable table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
      table[c] = character_of(static_cast<char32_t>(c));
    }
    return table;
  }();
  return characters;
}

/// What take_ascii() has to know of a byte.
struct AsciiCharacter {
  bool is_word = false;  // a letter or digit of ASCII
  char hashed = 0;       // as it is hashed
};

using AsciiTable = std::array<AsciiCharacter, 256>;

const AsciiTable& ascii_table(Case letter_case) {
  const auto make = [](bool folds) {
    AsciiTable table{};
    for (char32_t c = 0; c < 0x80; ++c) {
      const Character character = character_of(c);
      table[c] = {character.kind == CharacterClass::word,
                  static_cast<char>(folds ? character.folded : c)};
    }
    return table;
  };
  static const AsciiTable folded = make(true);
  static const AsciiTable exact = make(false);
  return letter_case == Case::folded ? folded : exact;
}

constexpr std::size_t kLaneBytes = 8;

/// Repeats a byte in all lanes.
constexpr std::uint64_t in_all_lanes(unsigned value) {
  return value * 0x0101010101010101U;
}

/// Returns how many bytes at `text` are letters and digits of ASCII, at most kLaneBytes, which must
/// be there. Writes as many bytes to `hashed`: folded, or as they are.
std::size_t take_letters(const char* text, Case letter_case, char* hashed) {
  static_assert(std::endian::native == std::endian::little, "the first byte is the lowest lane");
  constexpr std::uint64_t kHighBits = in_all_lanes(0x80);
  // The high bit of each lane says whether its low seven bits are in [first, last]: no sum of two
  // of them carries into the next lane.
  const auto is_among = [](std::uint64_t low_bits, unsigned first, unsigned last) {
    return (low_bits + in_all_lanes(0x80 - first)) & ~(low_bits + in_all_lanes(0x7F - last));
  };
  std::uint64_t given = 0;
  std::memcpy(&given, text, kLaneBytes);
  const std::uint64_t is_ascii = ~given & kHighBits;
  const std::uint64_t is_upper = is_among(given & ~kHighBits, 'A', 'Z') & is_ascii;
  const std::uint64_t folded = given | (is_upper >> 2);  // 0x80 becomes 0x20
  std::memcpy(hashed, letter_case == Case::folded ? &folded : &given, kLaneBytes);
  const std::uint64_t low_bits = folded & ~kHighBits;
  const std::uint64_t is_letter =
      (is_among(low_bits, 'a', 'z') | is_among(low_bits, '0', '9')) & is_ascii;
  return static_cast<std::size_t>(std::countr_zero(is_letter ^ kHighBits)) / kLaneBytes;
}

/// True if a unified ideograph of three bytes stands at `at`, which is inside the text.
bool is_ideograph_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) < 0xE4 || byte(0) > 0xE9 || text.size() - at < 3) return false;
  return (byte(1) & 0xC0U) == 0x80 && (byte(2) & 0xC0U) == 0x80 &&
         (byte(0) > 0xE4 || byte(1) >= 0xB8);
}

/// Takes words as their hashes and places.
struct HashedWords {
  std::vector<Word>& words;

  void add(std::string_view spelling, std::size_t begin, std::size_t end, WordKind kind) {
    words.push_back({hash64(spelling), begin, end, kind});
  }
};

/// Takes words as how many there are.
struct CountedWords {
  WordKindCounts counts;

  void add(std::string_view /*spelling*/, std::size_t /*begin*/, std::size_t /*end*/,
           WordKind kind) {
    if (kind == WordKind::word) ++counts.words;
    if (kind == WordKind::cjk) ++counts.cjk;
  }
};

/// Scans one text; `folded_` holds the current word as it is hashed.
template <class Sink>
class WordScanner {
 public:
  WordScanner(std::string_view text, Case letter_case, Sink& out)
      : table_(character_table()),
        ascii_(ascii_table(letter_case)),
        text_(text),
        letter_case_(letter_case),
        out_(out) {}

  void run() {
    for (std::size_t at = 0; at < text_.size();) {
      if (!open_ && take_ascii(at)) continue;
      take_code_point(at);
    }
    close(text_.size());
  }

 private:
  bool is_ascii_at(std::size_t at) const { return static_cast<unsigned char>(text_[at]) < 0x80; }

  const Character& ascii_at(std::size_t at) const {
    return table_[static_cast<unsigned char>(text_[at])];
  }

  /// OPTIMIZATION: a space, a symbol, or a usual word that is all ASCII, as one step. False for
  /// anything else, which is left to take_code_point().
  bool take_ascii(std::size_t& at) {
    std::array<char, 4 * kLaneBytes> word;
    const std::size_t longest = std::min(word.size(), text_.size() - at);
    std::size_t length = 0;
    bool is_ended = false;
    for (; !is_ended && length + kLaneBytes <= longest;) {
      const std::size_t taken =
          take_letters(text_.data() + at + length, letter_case_, word.data() + length);
      length += taken;
      is_ended = taken < kLaneBytes;
    }
    for (; !is_ended && length < longest; ++length) {
      const AsciiCharacter& character = ascii_[static_cast<unsigned char>(text_[at + length])];
      if (!character.is_word) break;
      word[length] = character.hashed;
    }
    const std::size_t end = at + length;
    if (length == word.size() || (end < text_.size() && !is_ascii_at(end))) return false;
    if (length > 0) {
      out_.add({word.data(), length}, at, end, WordKind::word);
      at = end;
      return true;
    }
    if (ascii_at(at).kind == CharacterClass::symbol) {
      out_.add(text_.substr(at, 1), at, at + 1, WordKind::symbol);
    }
    ++at;
    return true;
  }

  void take_code_point(std::size_t& at) {
    if (is_ideograph_at(text_, at)) {  // OPTIMIZATION: hashed where it stands
      close(at);
      out_.add(text_.substr(at, 3), at, at + 3, WordKind::cjk);
      at += 3;
      return;
    }
    const CodePoint next = decode_utf8(text_, at);
    const Character character = look_up(next.value);
    take(character.kind, at);
    if (character.kind != CharacterClass::space) {
      const bool is_folded = character.folded == next.value && next.value != kReplacementCharacter;
      if (letter_case_ == Case::exact || is_folded) {
        folded_.append(text_, at, next.size_bytes);
      } else {
        append_utf8(folded_, character.folded);
      }
    }
    at += next.size_bytes;
    close_if_single(character.kind, at);
  }

  Character look_up(char32_t c) const { return c < table_.size() ? table_[c] : character_of(c); }

  /// Ends the open word where another class begins, and opens one where there is none.
  void take(CharacterClass kind, std::size_t at) {
    if (open_ && kind != CharacterClass::word) close(at);
    if (!open_ && kind != CharacterClass::space) {
      open_ = true;
      begin_ = at;
      kind_ = kind == CharacterClass::word  ? WordKind::word
              : kind == CharacterClass::cjk ? WordKind::cjk
                                            : WordKind::symbol;
    }
  }

  void close_if_single(CharacterClass kind, std::size_t end) {
    if (kind == CharacterClass::cjk || kind == CharacterClass::symbol) close(end);
  }

  void close(std::size_t end) {
    if (!open_) return;
    out_.add(folded_, begin_, end, kind_);
    folded_.clear();
    open_ = false;
  }

  const CharacterTable& table_;
  const AsciiTable& ascii_;
  std::string_view text_;
  Case letter_case_;
  Sink& out_;
  std::string folded_;
  std::size_t begin_ = 0;
  WordKind kind_ = WordKind::word;
  bool open_ = false;
};

constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15U;

}  // namespace

void append_words(std::string_view text, Case letter_case, std::vector<Word>& out) {
  HashedWords words{out};
  WordScanner(text, letter_case, words).run();
}

std::vector<Word> split_words(std::string_view text, Case letter_case) {
  std::vector<Word> words;
  words.reserve(text.size() / 3 + 1);  // as Chinese has; memory that is not written costs nothing
  append_words(text, letter_case, words);
  return words;
}

WordKindCounts count_words(std::string_view text) {
  CountedWords words{};
  WordScanner(text, Case::exact, words).run();
  return words.counts;
}

std::vector<std::uint64_t> word_hashes(std::string_view text) {
  std::vector<std::uint64_t> hashes;
  for (const Word& word : split_words(text, Case::folded)) {
    if (word.kind != WordKind::symbol) hashes.push_back(word.hash);
  }
  return hashes;
}

WindowHashes::WindowHashes(std::span<const std::uint64_t> symbols)
    : prefix_(symbols.size() + 1), power_(symbols.size() + 1) {
  power_[0] = 1;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    prefix_[i + 1] = prefix_[i] * kBase + mix64(symbols[i] + kBase);
    power_[i + 1] = power_[i] * kBase;
  }
}

std::uint64_t WindowHashes::window(std::size_t begin, std::size_t length) const {
  ALUDEL_CHECK(begin + length < prefix_.size(), "window outside the sequence");
  return mix64(prefix_[begin + length] - prefix_[begin] * power_[length]);
}

}  // namespace aludel::text
