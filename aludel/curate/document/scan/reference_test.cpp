// The scan and the n-gram counts against readable twins that count with maps of strings, on real
// and on random text.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/shared_data.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/scan/characters.h"
#include "aludel/curate/document/scan/text_scan.h"
#include "aludel/curate/layers/repetition/repeats.h"

namespace aludel::curate {
namespace {

struct PlainCharacter {
  char32_t value;
  Glyph glyph;
  std::string bytes;
};

std::vector<PlainCharacter> plain_characters(const std::string& text) {
  std::vector<PlainCharacter> characters;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    characters.push_back(
        {point.value, character_table()[point.value].glyph, text.substr(at, point.size_bytes)});
    at += point.size_bytes;
  }
  return characters;
}

bool is_word_glyph(Glyph glyph) {
  return glyph == Glyph::letter || glyph == Glyph::number;
}

/// Runs of letters and numbers; CJK letters alone.
std::vector<std::string> plain_words(const std::string& text) {
  std::vector<std::string> words;
  bool open = false;
  for (const PlainCharacter& c : plain_characters(text)) {
    if (is_word_glyph(c.glyph)) {
      if (!open) words.emplace_back();
      words.back() += c.bytes;
      open = true;
      continue;
    }
    open = false;
    if (c.glyph == Glyph::cjk) words.push_back(c.bytes);
  }
  return words;
}

/// The words, from the first letter or number to the last, between white space and CJK letters.
struct PlainCounts {
  std::int64_t words = 0;
  std::int64_t word_characters = 0;
  std::int64_t alphabetic = 0;
  std::int64_t tokens = 0;
};

PlainCounts plain_counts(const std::string& text) {
  PlainCounts counts;
  std::vector<Glyph> chunk;
  const auto close = [&] {
    if (!chunk.empty()) ++counts.tokens;
    const auto first = std::find_if(chunk.begin(), chunk.end(), is_word_glyph);
    if (first != chunk.end()) {
      const auto last = std::find_if(chunk.rbegin(), chunk.rend(), is_word_glyph).base();
      ++counts.words;
      counts.word_characters += last - first;
      if (std::find(chunk.begin(), chunk.end(), Glyph::letter) != chunk.end()) ++counts.alphabetic;
    }
    chunk.clear();
  };
  for (const PlainCharacter& c : plain_characters(text)) {
    if (c.glyph == Glyph::space || c.glyph == Glyph::cjk) close();
    if (c.glyph == Glyph::cjk) ++counts.tokens;
    if (c.glyph != Glyph::space && c.glyph != Glyph::cjk) chunk.push_back(c.glyph);
  }
  close();
  return counts;
}

using Gram = std::vector<std::string>;

std::size_t length_of(const std::string& word) {
  return count_code_points(word);
}

double plain_top(const std::vector<std::string>& words, std::size_t n, std::size_t all) {
  std::map<Gram, std::size_t> counts;
  for (std::size_t i = 0; i + n <= words.size(); ++i) {
    ++counts[Gram(words.begin() + std::ptrdiff_t(i), words.begin() + std::ptrdiff_t(i + n))];
  }
  std::size_t most = 1;
  std::size_t longest = 0;
  for (const auto& [gram, count] : counts) {
    std::size_t characters = 0;
    for (const std::string& word : gram) {
      characters += length_of(word);
    }
    if (count < 2 || count < most) continue;
    longest = count > most ? characters : std::max(longest, characters);
    most = count;
  }
  if (most < 2) return 0;
  return std::min(1.0, static_cast<double>(longest * most) / static_cast<double>(all));
}

double plain_covered(const std::vector<std::string>& words, std::size_t n, std::size_t all) {
  std::map<Gram, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i + n <= words.size(); ++i) {
    places[Gram(words.begin() + std::ptrdiff_t(i), words.begin() + std::ptrdiff_t(i + n))]
        .push_back(i);
  }
  std::set<std::size_t> covered;
  for (const auto& [gram, begins] : places) {
    if (begins.size() < 2) continue;
    for (const std::size_t begin : begins) {
      for (std::size_t i = begin; i < begin + n; ++i) {
        covered.insert(i);
      }
    }
  }
  std::size_t characters = 0;
  for (const std::size_t i : covered) {
    characters += length_of(words[i]);
  }
  return all == 0 ? 0.0 : static_cast<double>(characters) / static_cast<double>(all);
}

/// Share of the characters of n-grams that stood before, from left to right, each passed over.
double plain_later(const std::vector<std::string>& words, std::size_t n, std::size_t all) {
  std::set<Gram> seen;
  std::size_t characters = 0;
  for (std::size_t i = 0; i + n <= words.size();) {
    const Gram gram(words.begin() + std::ptrdiff_t(i), words.begin() + std::ptrdiff_t(i + n));
    if (seen.insert(gram).second) {
      ++i;
      continue;
    }
    for (const std::string& word : gram) {
      characters += length_of(word);
    }
    i += n;
  }
  return all == 0 ? 0.0 : static_cast<double>(characters) / static_cast<double>(all);
}

void expect_equal_to_reference(const std::string& text) {
  const TextScan scan = scan_text(text);
  const std::vector<std::string> words = plain_words(text);
  ASSERT_EQ(scan.words.size(), words.size()) << text;
  std::map<std::string, std::uint32_t> ids;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto id = ids.emplace(words[i], static_cast<std::uint32_t>(ids.size())).first->second;
    ASSERT_EQ(scan.words[i].id, id) << words[i];
  }
  const PlainCounts counts = plain_counts(text);
  EXPECT_EQ(scan.metrics.words, counts.words) << text;
  EXPECT_EQ(scan.metrics.word_characters, counts.word_characters) << text;
  EXPECT_EQ(scan.metrics.alphabetic_words, counts.alphabetic) << text;
  EXPECT_EQ(scan.metrics.tokens, counts.tokens) << text;
  EXPECT_EQ(scan.metrics.characters, static_cast<std::int64_t>(count_code_points(text))) << text;
  std::size_t all = 0;
  for (const std::string& word : words) {
    all += length_of(word);
  }
  const RepeatedGrams grams =
      repeated_grams(scan.words, {2, 3, 4}, {5, 6, 7, 8, 9, 10}, Copies::all);
  const RepeatedGrams later =
      repeated_grams(scan.words, {2, 3, 4}, {5, 6, 7, 8, 9, 10}, Copies::later);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(grams.top[i], plain_top(words, i + 2, all)) << text;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_DOUBLE_EQ(grams.duplicated[i], plain_covered(words, i + 5, all)) << text;
    EXPECT_DOUBLE_EQ(later.duplicated[i], plain_later(words, i + 5, all)) << text;
  }
}

TEST(ScanReference, AgreesOnRandomText) {
  const std::vector<std::string> pieces = {"a",
                                           "b",
                                           "the",
                                           " ",
                                           " ",
                                           "\n",
                                           ".",
                                           "...",
                                           "-",
                                           "#",
                                           "7",
                                           "(",
                                           "\"",
                                           "\xE4\xBD\xA0",
                                           "\xE3\x80\x82",
                                           "\t",
                                           "\xC3\xA9",
                                           "\xE2\x80\xA6",
                                           "\xFF",
                                           "caf\xC3\xA9",
                                           "longer-word",
                                           "\xC2\xA0"};
  Rng rng(7, 0);
  for (int round = 0; round < 400; ++round) {
    std::string text;
    const std::uint64_t length = rng.below(120);
    for (std::uint64_t i = 0; i < length; ++i) {
      text += pieces[rng.below(pieces.size())];
    }
    expect_equal_to_reference(text);
  }
}

TEST(ScanReference, AgreesOnRealText) {
  const std::string path = shared_data("text/en/c4_demo.jsonl");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  std::ifstream file(path);
  int documents = 0;
  for (std::string line; documents < 40 && std::getline(file, line); ++documents) {
    const auto json = parse_json(line);
    ASSERT_TRUE(json);
    expect_equal_to_reference(json.value().string_or("text", ""));
  }
  EXPECT_GT(documents, 30);
}

}  // namespace
}  // namespace aludel::curate
