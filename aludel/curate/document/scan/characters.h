#pragma once

#include <array>
#include <cstdint>
#include <vector>

// Properties of characters that rules need, from one table lookup.
namespace aludel::curate {

/// The part of a character in words. Letters (with marks) and numbers form runs; a letter of a
/// script without spaces (`cjk`) is a word by itself; any other character but white space is a
/// symbol.
enum class Glyph : std::uint8_t { space, letter, number, cjk, symbol };

/// Further properties, as bits of CharacterTraits::flags. Sources: Unicode's general category and
/// binary properties; kPython* are Python's str.isspace(), str.isalpha() and str.isalnum().
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

/// The traits of all characters. Equal blocks of 256 characters are stored once.
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

/// Returns the table, which the first call builds from ICU. Concurrent calls: yes. REQUIRES of []:
/// c <= U+10FFFF.
const CharacterTable& character_table();

/// True if \w matches the character in Python.
inline bool is_python_word(char32_t c) {
  return c == '_' || character_table()[c].has(kPythonAlnum);
}

}  // namespace aludel::curate
