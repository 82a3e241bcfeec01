#include "aludel/curate/layers/perplexity/word_order.h"

#include <utility>

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kMarksBehindWords = ".,;:!?)\"'";

bool is_letter(std::string_view text, const text::TextUnit& unit) {
  return static_cast<unsigned char>(text[unit.begin]) >= 0x80 &&
         is_cjk(decode_utf8(text, unit.begin).value);
}

bool is_mark(std::string_view text, const text::TextUnit& unit) {
  return unit.end == unit.begin + 1 &&
         kMarksBehindWords.find(text[unit.begin]) != std::string_view::npos;
}

}  // namespace

WordOrders::WordOrders(std::string_view text, const std::vector<text::TextUnit>& units,
                       const text::LineMarks& marks)
    : begin_(static_cast<std::uint32_t>(units.size())), end_(begin_ + 1) {
  hashes_.reserve(units.size() + 2);
  for (const text::TextUnit& unit : units) {
    hashes_.push_back(unit.hash);
  }
  hashes_.push_back(marks.begin);
  if (marks.end != 0) hashes_.push_back(marks.end);
  find_places(text, units);
}

void WordOrders::find_places(std::string_view text, const std::vector<text::TextUnit>& units) {
  const auto count = static_cast<std::uint32_t>(units.size());
  places_.reserve(count);
  words_.reserve(count);
  for (std::uint32_t begin = 0; begin < count;) {
    const bool begins_line =
        begin == 0 || text::line_ends_between(text, units[begin - 1], units[begin]);
    std::uint32_t next = begin + 1;
    if (is_letter(text, units[begin])) {
      places_.push_back({Kind::letter, begins_line, {}});
      letters_.push_back({begin, next});
      begin = next;
      continue;
    }
    while (next < count && units[next].begin == units[next - 1].end &&
           !is_letter(text, units[next])) {
      ++next;
    }
    std::uint32_t end = next;
    while (end > begin && is_mark(text, units[end - 1])) {
      --end;
    }
    if (end > begin) {
      places_.push_back({Kind::word, begins_line, {}});
      words_.push_back({begin, end});
    }
    if (next > end) places_.push_back({Kind::fixed, begins_line && end == begin, {end, next}});
    begin = next;
  }
}

std::vector<std::uint32_t> WordOrders::random(Rng random) const {
  std::vector<UnitRange> words = words_;
  std::vector<UnitRange> letters = letters_;
  for (auto* order : {&words, &letters}) {
    for (std::size_t i = order->size(); i > 1; --i) {
      std::swap((*order)[i - 1], (*order)[random.below(i)]);
    }
  }
  return lines(words, letters);
}

std::vector<std::uint32_t> WordOrders::lines(const std::vector<UnitRange>& words,
                                             const std::vector<UnitRange>& letters) const {
  std::vector<std::uint32_t> lines;
  lines.reserve(hashes_.size() + hashes_.size() / 4);
  const auto end_line = [&] {
    if (end_ < hashes_.size()) lines.push_back(end_);
  };
  auto word = words.begin();
  auto letter = letters.begin();
  for (const Place& place : places_) {
    if (place.begins_line) {
      if (!lines.empty()) end_line();
      lines.push_back(begin_);
    }
    const UnitRange units = place.kind == Kind::word     ? *word++
                            : place.kind == Kind::letter ? *letter++
                                                         : place.units;
    for (std::uint32_t unit = units.begin; unit < units.end; ++unit) {
      lines.push_back(unit);
    }
  }
  if (!lines.empty()) end_line();
  return lines;
}

}  // namespace aludel::curate
