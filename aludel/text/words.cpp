#include "aludel/text/words.h"

#include <array>

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

struct AsciiCharacter {
  CharacterClass kind;
  char folded;
};

constexpr std::array<AsciiCharacter, 128> ascii_table() {
  std::array<AsciiCharacter, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto c = static_cast<char>(i);
    const bool upper = c >= 'A' && c <= 'Z';
    const bool word = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool space = c <= ' ' || i == 127;
    table[i] = {space  ? CharacterClass::space
                : word ? CharacterClass::word
                       : CharacterClass::symbol,
                upper ? static_cast<char>(c + ('a' - 'A')) : c};
  }
  return table;
}

constexpr std::array<AsciiCharacter, 128> kAscii = ascii_table();

/// Scans one text; `folded_` holds the current word as it is hashed.
class WordScanner {
 public:
  WordScanner(std::string_view text, Case letter_case, std::vector<Word>& out)
      : text_(text), letter_case_(letter_case), out_(out) {}

  void run() {
    for (std::size_t at = 0; at < text_.size();) {
      const auto byte = static_cast<unsigned char>(text_[at]);
      if (byte < 128) {
        const AsciiCharacter& character = kAscii[byte];
        take(character.kind, at);
        if (character.kind != CharacterClass::space) {
          folded_.push_back(letter_case_ == Case::folded ? character.folded : text_[at]);
        }
        close_if_single(character.kind, at + 1);
        ++at;
        continue;
      }
      const CodePoint next = decode_utf8(text_, at);
      if (is_unified_ideograph(next.value)) {  // OPTIMIZATION: hashed where it stands
        close(at);
        out_.push_back(
            {hash64(text_.substr(at, next.size_bytes)), at, at + next.size_bytes, WordKind::cjk});
        at += next.size_bytes;
        continue;
      }
      const CharacterClass kind = class_of(next.value);
      take(kind, at);
      if (kind != CharacterClass::space) push(next, at);
      at += next.size_bytes;
      close_if_single(kind, at);
    }
    close(text_.size());
  }

 private:
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

  void push(const CodePoint& point, std::size_t at) {
    if (letter_case_ == Case::folded && !is_unified_ideograph(point.value)) {
      const UChar32 lower = u_foldCase(static_cast<UChar32>(point.value), U_FOLD_CASE_DEFAULT);
      append_utf8(folded_, static_cast<char32_t>(lower));
    } else {
      folded_.append(text_.substr(at, point.size_bytes));
    }
  }

  void close(std::size_t end) {
    if (!open_) return;
    out_.push_back({hash64(folded_), begin_, end, kind_});
    folded_.clear();
    open_ = false;
  }

  std::string_view text_;
  Case letter_case_;
  std::vector<Word>& out_;
  std::string folded_;
  std::size_t begin_ = 0;
  WordKind kind_ = WordKind::word;
  bool open_ = false;
};

constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15U;

}  // namespace

void append_words(std::string_view text, Case letter_case, std::vector<Word>& out) {
  WordScanner(text, letter_case, out).run();
}

std::vector<Word> split_words(std::string_view text, Case letter_case) {
  std::vector<Word> words;
  words.reserve(text.size() / 6 + 1);
  append_words(text, letter_case, words);
  return words;
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
