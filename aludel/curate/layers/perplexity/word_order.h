#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/rng.h"
#include "aludel/text/ngram_lm/text_units.h"

namespace aludel::curate {

/// The lines of a text with their words in the text's order or in random ones. An order is a list
/// of positions in hashes(), so that a model looks each unit up once for all orders.
class WordOrders {
 public:
  /// REQUIRES: units.size() < 2^32 - 2.
  WordOrders(std::string_view text, const std::vector<text::TextUnit>& units,
             const text::LineMarks& marks);

  /// Returns the hashes of the text's units, and then of the marks of a line's begin and end.
  const std::vector<std::uint64_t>& hashes() const { return hashes_; }

  /// Returns the order of the text: of text::lines_of_units.
  std::vector<std::uint32_t> of_text() const { return lines(words_, letters_); }

  /// Returns the words in random order, and the CJK letters in random order among themselves. A
  /// word has no gap inside it ("don't", "x-ray") and does not include the marks behind it. Marks,
  /// other symbols and line ends keep their positions.
  std::vector<std::uint32_t> random(Rng random) const;

 private:
  /// The units [begin, end).
  struct UnitRange {
    std::uint32_t begin;
    std::uint32_t end;
  };

  enum class Kind : std::uint8_t { word, letter, fixed };

  /// A place for a word, for a letter, or for the fixed units in `units`.
  struct Place {
    Kind kind;
    bool begins_line;
    UnitRange units;
  };

  void find_places(std::string_view text, const std::vector<text::TextUnit>& units);
  std::vector<std::uint32_t> lines(const std::vector<UnitRange>& words,
                                   const std::vector<UnitRange>& letters) const;

  std::vector<std::uint64_t> hashes_;
  std::vector<Place> places_;       // in the order of the text
  std::vector<UnitRange> words_;    // of the places for words
  std::vector<UnitRange> letters_;  // of the places for letters
  std::uint32_t begin_;             // where hashes() has the marks
  std::uint32_t end_;               // hashes().size(): lines end without a mark
};

}  // namespace aludel::curate
