#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a language model of text counts: words without case (their digits count as 0, so that
// numbers of a length are one word), code points of scripts without spaces, and symbols.
namespace aludel::text {

/// Bytes [begin, end) of a text and the hash of their spelling.
struct TextUnit {
  std::uint64_t hash;
  std::size_t begin;
  std::size_t end;
};

/// Marks around each line that has units; `end` may be kNoUnit.
struct LineMarks {
  std::uint64_t begin;
  std::uint64_t end;
};

/// The text's units in order, without marks.
std::vector<TextUnit> text_units(std::string_view text);

/// What white space separates, as ARPA files count.
std::vector<TextUnit> text_tokens(std::string_view text);

/// How the unit of those bytes is spelled: hash64(spelling) is its hash. No spelling has white
/// space in it.
std::string unit_spelling(std::string_view bytes);

/// Whether a line ends between two units that stand in this order in a text.
bool line_ends_between(std::string_view text, const TextUnit& before, const TextUnit& after);

/// The hashes of units in order, each line between its marks.
std::vector<std::uint64_t> lines_of_units(std::string_view text, const std::vector<TextUnit>& units,
                                          const LineMarks& marks);

}  // namespace aludel::text
