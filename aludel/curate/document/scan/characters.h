#pragma once

#include <array>
#include <cstdint>
#include <vector>

// What the rules ask of a character, answered by one table lookup.
namespace aludel::curate {

/// How a character takes part in words: `letter` (with marks) and `number` make runs, a letter of a
/// script without spaces stands alone, everything else that is no white space is a symbol.
enum class Glyph : std::uint8_t { space, letter, number, cjk, symbol };

/// Further properties, as bits of CharacterTraits::flags. Sources: Unicode's general category and
/// binary properties; those named python_* are what str.isspace() and str.isalpha() say.
enum CharacterFlag : std::uint8_t {
  kHan = 1U << 0U,
  kSentenceEnd = 1U << 1U,  // S_Term, of ASCII . ! ?
  kCloser = 1U << 2U,       // quotes and brackets that may follow the end of a sentence
  kPythonSpace = 1U << 3U,
  kPythonAlpha = 1U << 4U,
  kPythonAlnum = 1U << 5U,
  kPunctuation = 1U << 6U,  // category P*
  kPictograph = 1U << 7U,   // category So
};

struct CharacterTraits {
  Glyph glyph;
  std::uint8_t flags;

  bool has(CharacterFlag flag) const { return (flags & flag) != 0; }
};

/// The traits of all characters: blocks of 256 that are alike are stored once.
class CharacterTable {
 public:
  CharacterTraits operator[](char32_t c) const {
    return blocks_[std::size_t{index_[c >> 8U]} * kBlock + (c & 0xFFU)];
  }

 private:
  friend const CharacterTable& character_table();
  static constexpr std::size_t kBlock = 256;
  CharacterTable();

  std::array<std::uint16_t, 0x1100> index_{};
  std::vector<CharacterTraits> blocks_;
};

/// Built from ICU at the first call. Concurrent calls: yes. REQUIRES of []: c <= U+10FFFF.
const CharacterTable& character_table();

/// What \w matches in Python.
inline bool is_python_word(char32_t c) {
  return c == '_' || character_table()[c].has(kPythonAlnum);
}

}  // namespace aludel::curate
