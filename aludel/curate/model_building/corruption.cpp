#include "aludel/curate/model_building/corruption.h"

#include <algorithm>
#include <array>
#include <vector>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/text/words.h"

namespace aludel::curate {
namespace {

/// Returns the words of a passage as written, without symbols.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const text::Word& word : text::split_words(text, text::Case::exact)) {
    if (word.kind != text::WordKind::symbol) {
      words.push_back(text.substr(word.begin, word.end - word.begin));
    }
  }
  return words;
}

std::string_view pick(const std::vector<std::string_view>& words, Rng& random) {
  return words.empty() ? "word" : words[random.below(words.size())];
}

bool is_cjk_word(std::string_view word) {
  return !word.empty() && is_cjk(decode_utf8(word, 0).value);
}

/// Appends a word, with a space before it if its script uses spaces.
void append_word(std::string& out, std::string_view word) {
  const bool wants_space =
      !out.empty() && out.back() != '\n' && out.back() != ' ' && !is_cjk_word(word);
  if (wants_space) out += ' ';
  out += word;
}

std::string shuffle_words(const GoodPassages& passages, Rng& random) {
  const std::string& text = passages.all[passages.at];
  std::vector<text::Word> places;
  for (const text::Word& word : text::split_words(text, text::Case::exact)) {
    if (word.kind != text::WordKind::symbol) places.push_back(word);
  }
  std::vector<std::size_t> order(places.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const text::Word& word = places[order[i]];
    out += text.substr(at, places[i].begin - at);
    out += text.substr(word.begin, word.end - word.begin);
    at = places[i].end;
  }
  return out + text.substr(at);
}

// Repeats a few words of the passage, as pages written for search engines do.
std::string stuff_keywords(const GoodPassages& passages, Rng& random) {
  const auto words = words_of(passages.all[passages.at]);
  std::vector<std::string_view> keywords;
  for (std::size_t i = 0; i < 4 + random.below(5); ++i) {
    keywords.push_back(pick(words, random));
  }
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    append_word(out, pick(random.below(6) == 0 ? words : keywords, random));
    if (random.below(5) == 0) out += is_cjk_word(words[i]) ? "，" : ",";
    if (random.below(15) == 0) out += '\n';
  }
  return out;
}

std::string repeat_sentences(const GoodPassages& passages, Rng& random) {
  const std::string& text = passages.all[passages.at];
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(".\n", at), text.size() - 1);
    lines.push_back(std::string_view(text).substr(at, end + 1 - at));
    at = end + 1;
  }
  std::string out;
  const std::size_t distinct = 2 + random.below(3);
  const std::size_t first = random.below(std::max<std::size_t>(1, lines.size()));
  while (!lines.empty() && out.size() < text.size()) {
    out += lines[(first + random.below(distinct)) % lines.size()];
    out += random.below(3) == 0 ? "\n" : " ";
  }
  return out;
}

// Writes one or two capitalised words a line, as menus have them.
std::string cut_to_menu(const GoodPassages& passages, Rng& random) {
  const auto words = words_of(passages.all[passages.at]);
  constexpr std::array<std::string_view, 6> kMarks = {" | ", " » ", "\n", "\n", "\n• ", " > "};
  std::string out;
  for (std::size_t i = 0; i < words.size(); i += 1 + random.below(6)) {
    std::string word(words[i]);
    if (word[0] >= 'a' && word[0] <= 'z') word[0] = static_cast<char>(word[0] - 'a' + 'A');
    append_word(out, word);
    if (random.below(2) == 0) out += kMarks.at(random.below(kMarks.size()));
  }
  return out;
}

// Drops, doubles and swaps letters in one word of three.
std::string damage_letters(const GoodPassages& passages, Rng& random) {
  const std::string& text = passages.all[passages.at];
  std::string out;
  std::size_t at = 0;
  for (const text::Word& word : text::split_words(text, text::Case::exact)) {
    out += text.substr(at, word.begin - at);
    at = word.end;
    std::string piece = text.substr(word.begin, word.end - word.begin);
    const bool is_ascii =
        std::ranges::all_of(piece, [](char c) { return static_cast<unsigned char>(c) < 128; });
    if (word.kind == text::WordKind::symbol || random.below(3) != 0) {
      out += piece;
    } else if (!is_ascii) {
      if (random.below(2) == 0) out += piece;  // drops a code point
    } else {
      const std::size_t place = random.below(piece.size());
      const std::uint64_t damage = random.below(3);
      if (damage == 0) {
        piece.erase(place, 1);
      } else if (damage == 1) {
        piece.insert(place, 1, static_cast<char>('a' + random.below(26)));
      } else if (place + 1 < piece.size()) {
        std::swap(piece[place], piece[place + 1]);
      }
      out += piece;
    }
  }
  return out + text.substr(at);
}

// Joins scraps of three to eight words from random passages.
std::string mix_scraps(const GoodPassages& passages, Rng& random) {
  std::string out;
  while (out.size() < passages.all[passages.at].size()) {
    const auto words = words_of(passages.all[random.below(passages.all.size())]);
    if (words.empty()) {
      out += ' ';
      continue;
    }
    const std::size_t begin = random.below(words.size());
    const std::size_t end = std::min(words.size(), begin + 3 + random.below(6));
    for (std::size_t i = begin; i < end; ++i) {
      append_word(out, words[i]);
    }
    out += random.below(4) == 0 ? "...\n" : " ... ";
  }
  return out;
}

constexpr std::array<Corruption, 6> kCorruptions = {{
    {"shuffled_words", "the words in random order", shuffle_words},
    {"keyword_stuffing", "a few words over and over", stuff_keywords},
    {"repeated_sentences", "two to four sentences over and over", repeat_sentences},
    {"menu", "single words with separators, as in menus", cut_to_menu},
    {"damaged_letters", "letters lost, added and swapped", damage_letters},
    {"scraps", "short scraps of many passages", mix_scraps},
}};

}  // namespace

std::span<const Corruption> all_corruptions() {
  return kCorruptions;
}

const Corruption& corruption_named(std::string_view name) {
  const auto* const found = std::ranges::find(kCorruptions, name, &Corruption::name);
  ALUDEL_CHECK(found != kCorruptions.end(), "[models] no corruption of that name");
  return *found;
}

}  // namespace aludel::curate
