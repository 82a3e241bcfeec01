#include "aludel/curate/layers/perplexity/word_order.h"

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kMarksBehindWords = ".,;:!?)\"'";

/// The units [begin, end).
struct UnitRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct MovablePieces {
  std::vector<UnitRange> words;
  std::vector<UnitRange> letters;
};

bool is_letter(std::string_view text, const text::TextUnit& unit) {
  return static_cast<unsigned char>(text[unit.begin]) >= 0x80 &&
         is_cjk(decode_utf8(text, unit.begin).value);
}

bool is_mark(std::string_view text, const text::TextUnit& unit) {
  return unit.end == unit.begin + 1 &&
         kMarksBehindWords.find(text[unit.begin]) != std::string_view::npos;
}

MovablePieces pieces_of(std::string_view text, const std::vector<text::TextUnit>& units) {
  MovablePieces pieces;
  for (std::size_t begin = 0; begin < units.size();) {
    std::size_t next = begin + 1;
    if (is_letter(text, units[begin])) {
      pieces.letters.push_back({begin, next});
      begin = next;
      continue;
    }
    while (next < units.size() && units[next].begin == units[next - 1].end &&
           !is_letter(text, units[next])) {
      ++next;
    }
    std::size_t end = next;
    while (end > begin && is_mark(text, units[end - 1])) {
      --end;
    }
    if (end > begin) pieces.words.push_back({begin, end});
    begin = next;
  }
  return pieces;
}

/// Returns the units to put at each unit's position: the unit itself; the whole piece that moved
/// there, at the first unit of a piece's position; or nothing.
std::vector<UnitRange> shuffled_places(const MovablePieces& pieces, std::size_t units, Rng random) {
  std::vector<UnitRange> at(units);
  for (std::size_t i = 0; i < units; ++i) {
    at[i] = {i, i + 1};
  }
  for (const auto* places : {&pieces.words, &pieces.letters}) {
    std::vector<UnitRange> order = *places;
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random.below(i)]);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const UnitRange place = (*places)[i];
      for (std::size_t unit = place.begin + 1; unit < place.end; ++unit) {
        at[unit] = {};
      }
      at[place.begin] = order[i];
    }
  }
  return at;
}

}  // namespace

std::vector<std::uint64_t> lines_in_random_order(std::string_view text,
                                                 const std::vector<text::TextUnit>& units,
                                                 const text::LineMarks& marks, Rng random) {
  const std::vector<UnitRange> at = shuffled_places(pieces_of(text, units), units.size(), random);
  std::vector<std::uint64_t> lines;
  lines.reserve(units.size() + units.size() / 4 + 2);
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (i == 0 || text::line_ends_between(text, units[i - 1], units[i])) {
      if (i > 0 && marks.end != 0) lines.push_back(marks.end);
      lines.push_back(marks.begin);
    }
    for (std::size_t unit = at[i].begin; unit < at[i].end; ++unit) {
      lines.push_back(units[unit].hash);
    }
  }
  if (!units.empty() && marks.end != 0) lines.push_back(marks.end);
  return lines;
}

}  // namespace aludel::curate
