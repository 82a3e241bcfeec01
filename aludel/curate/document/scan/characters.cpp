#include "aludel/curate/document/scan/characters.h"

#include <algorithm>

#include <unicode/uchar.h>

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr char32_t kCodePoints = 0x110000;

Glyph glyph_of(char32_t c, std::uint32_t category) {
  if (u_isUWhiteSpace(static_cast<UChar32>(c)) != 0) return Glyph::space;
  if ((category & U_GC_N_MASK) != 0) return Glyph::number;
  if ((category & (U_GC_L_MASK | U_GC_M_MASK)) == 0) return Glyph::symbol;
  return is_cjk(c) ? Glyph::cjk : Glyph::letter;
}

bool is_sentence_end(char32_t c) {
  if (c < 128) return c == '.' || c == '!' || c == '?';
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_S_TERM) != 0;
}

bool closes(char32_t c, std::uint32_t category) {
  if (c < 128) return c == '"' || c == '\'' || c == ')' || c == ']';
  return (category & (U_GC_PE_MASK | U_GC_PF_MASK)) != 0;
}

CharacterTraits traits_of(char32_t c) {
  const auto icu = static_cast<UChar32>(c);
  const std::uint32_t category = U_GET_GC_MASK(icu);
  // OPTIMIZATION: ICU is asked no further about half of all code points.
  if ((category & (U_GC_CN_MASK | U_GC_CO_MASK)) != 0) {
    return {Glyph::symbol, static_cast<std::uint8_t>(is_han(c) ? kHan : 0)};
  }
  const auto numeric = static_cast<UNumericType>(u_getIntPropertyValue(icu, UCHAR_NUMERIC_TYPE));
  unsigned flags = 0;
  if (is_han(c)) flags |= kHan;
  if (is_sentence_end(c)) flags |= kSentenceEnd;
  if (closes(c, category)) flags |= kCloser;
  if (u_isUWhiteSpace(icu) != 0 || (c >= 0x1C && c <= 0x1F)) flags |= kPythonSpace;
  if ((category & U_GC_L_MASK) != 0) flags |= kPythonAlpha | kPythonAlnum;
  if (numeric != U_NT_NONE) flags |= kPythonAlnum;
  if ((category & U_GC_P_MASK) != 0) flags |= kPunctuation;
  if ((category & U_GC_SO_MASK) != 0) flags |= kPictograph;
  return {glyph_of(c, category), static_cast<std::uint8_t>(flags)};
}

/// True if the characters of a plane differ: planes 4 to 13 are empty, 15 and 16 private.
bool is_assigned_plane(char32_t c) {
  return c < 0x40000 || (c >> 16U) == 14;
}

}  // namespace

CharacterTable::CharacterTable() {
  const auto same = [](const CharacterTraits& a, const CharacterTraits& b) {
    return a.glyph == b.glyph && a.flags == b.flags;
  };
  for (std::size_t block = 0; block < kCodePoints / kBlock; ++block) {
    std::array<CharacterTraits, kBlock> traits{};
    const auto first = static_cast<char32_t>(block * kBlock);
    if (!is_assigned_plane(first)) traits.fill(traits_of(first & 0xFF0000U));
    for (std::size_t i = 0; i < kBlock && is_assigned_plane(first); ++i) {
      traits[i] = traits_of(first + static_cast<char32_t>(i));
    }
    // Equal blocks are neighbours: ideographs, syllables, private use.
    const std::size_t stored = blocks_.size() / kBlock;
    std::size_t found = stored;
    for (std::size_t back = 1; back <= std::min<std::size_t>(stored, 4) && found == stored;
         ++back) {
      const auto* known = &blocks_[(stored - back) * kBlock];
      if (std::equal(traits.begin(), traits.end(), known, same)) found = stored - back;
    }
    if (found == stored) blocks_.insert(blocks_.end(), traits.begin(), traits.end());
    index_[block] = static_cast<std::uint16_t>(found);
  }
}

const CharacterTable& character_table() {
  static const CharacterTable table;
  return table;
}

}  // namespace aludel::curate
