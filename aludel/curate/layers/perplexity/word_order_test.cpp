#include "aludel/curate/layers/perplexity/word_order.h"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

constexpr text::LineMarks kMarks = {1, 2};

/// The lines' units by their spelling, between < and >.
std::string spelled(std::string_view text, const std::vector<std::uint64_t>& lines) {
  std::map<std::uint64_t, std::string> spellings = {{1, "<"}, {2, ">"}};
  for (const text::TextUnit& unit : text::text_units(text)) {
    spellings[unit.hash] = text.substr(unit.begin, unit.end - unit.begin);
  }
  std::string out;
  for (const std::uint64_t unit : lines) {
    out += spellings.at(unit);
  }
  return out;
}

/// The hashes of an order's units.
std::vector<std::uint64_t> hashes_in(const WordOrders& orders,
                                     const std::vector<std::uint32_t>& order) {
  std::vector<std::uint64_t> hashes;
  for (const std::uint32_t position : order) {
    hashes.push_back(orders.hashes().at(position));
  }
  return hashes;
}

std::string shuffled(std::string_view text, std::uint64_t seed) {
  const WordOrders orders(text, text::text_units(text), kMarks);
  return spelled(text, hashes_in(orders, orders.random(Rng(seed, 1))));
}

TEST(WordOrder, OfTheTextIsThatOfItsLines) {
  for (const std::string_view text :
       {"", "a", "!", "a, x-y z.\n我 b! 们c", "\n\nIt's (so).\n...\n\n我们\n", "x\ny"}) {
    for (const text::LineMarks marks : {kMarks, text::LineMarks{1, 0}}) {
      const auto units = text::text_units(text);
      const WordOrders orders(text, units, marks);
      EXPECT_EQ(hashes_in(orders, orders.of_text()), text::lines_of_units(text, units, marks))
          << text;
    }
  }
}

TEST(WordOrder, MovesWordsAndLettersAndLeavesMarksAndLines) {
  const std::string_view text = "a, x-y z.\n我 b! 们c";
  bool moved = false;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::string out = shuffled(text, seed);
    EXPECT_EQ(out.size(),
              spelled(text, text::lines_of_units(text, text::text_units(text), kMarks)).size());
    EXPECT_EQ(std::ranges::count(out, '<'), 2);
    EXPECT_NE(out.find("x-y"), std::string::npos) << "a word moves as a whole: " << out;
    EXPECT_NE(out.find(".><"), std::string::npos) << "marks and lines stay: " << out;
    const std::size_t first = std::min(out.find("我"), out.find("们"));
    EXPECT_EQ(out[first - 1], '<') << "letters change places with letters: " << out;
    moved = moved || out.find("<a,") == std::string::npos;
  }
  EXPECT_TRUE(moved);
}

TEST(WordOrder, HasNothingToMoveInNothing) {
  EXPECT_EQ(shuffled("", 1), "");
  EXPECT_EQ(shuffled("!?", 1), "<!?>");
}

}  // namespace
}  // namespace aludel::curate
