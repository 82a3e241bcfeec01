#include "aludel/curate/layers/repetition/repeats.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

std::string_view trim_blanks(std::string_view part) {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!part.empty() && blank(part.front())) {
    part.remove_prefix(1);
  }
  while (!part.empty() && blank(part.back())) {
    part.remove_suffix(1);
  }
  return part;
}

/// How often each window hash occurred: open addressing, since this is the layer's inner loop.
class WindowCounts {
 public:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t count = 0;
    std::uint32_t first = 0;  // where it stood first
  };

  explicit WindowCounts(std::size_t windows)
      : entries_(std::bit_ceil(windows * 2 + 2)), mask_(entries_.size() - 1) {}

  /// Counts one window and returns its entry.
  Entry& add(std::uint64_t hash, std::size_t begin) {
    std::size_t slot = hash & mask_;
    while (entries_[slot].count != 0 && entries_[slot].hash != hash) {
      slot = (slot + 1) & mask_;
    }
    Entry& entry = entries_[slot];
    if (entry.count == 0) {
      entry.hash = hash;
      entry.first = static_cast<std::uint32_t>(begin);
    }
    ++entry.count;
    return entry;
  }

 private:
  std::vector<Entry> entries_;
  std::size_t mask_;
};

double share_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : std::min(1.0, static_cast<double>(part) / static_cast<double>(whole));
}

double top_gram(const MeasuredWords& words, const text::WindowHashes& hashes, std::size_t length) {
  if (words.size() < length) return 0;
  const std::size_t windows = words.size() - length + 1;
  WindowCounts counts(windows);
  std::uint32_t most = 1;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < windows; ++i) {
    const auto& entry = counts.add(hashes.window(i, length), i);
    if (entry.count < 2 || entry.count < most) continue;
    const std::size_t size = words.characters(i, i + length);
    characters = entry.count > most ? size : std::max(characters, size);  // the longest of a tie
    most = entry.count;
  }
  return most < 2 ? 0 : share_of(characters * most, words.all_characters());
}

/// Where a window of `length` words begins that occurs twice or more. Only places in `candidates`
/// can be such: a window repeats only if each shorter one at its place does.
std::vector<char> repeated_starts(const text::WindowHashes& hashes, std::size_t length,
                                  const std::vector<char>& candidates) {
  std::vector<char> repeated(candidates.size(), 0);
  if (hashes.symbols() < length) return repeated;
  const std::size_t windows = hashes.symbols() - length + 1;
  WindowCounts counts(static_cast<std::size_t>(std::ranges::count(candidates, 1)));
  for (std::size_t i = 0; i < windows; ++i) {
    if (candidates[i] == 0) continue;
    const auto& entry = counts.add(hashes.window(i, length), i);
    if (entry.count < 2) continue;
    repeated[i] = 1;
    repeated[entry.first] = 1;
  }
  return repeated;
}

std::size_t covered_characters(const MeasuredWords& words, const std::vector<char>& starts,
                               std::size_t length) {
  std::size_t characters = 0;
  std::size_t covered_to = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (starts[i] == 0) continue;
    characters += words.characters(std::max(i, covered_to), i + length);
    covered_to = i + length;
  }
  return characters;
}

}  // namespace

MeasuredWords::MeasuredWords(std::string_view text)
    : words_(text::split_words(text, text::Case::exact)) {
  std::erase_if(words_, [](const text::Word& w) { return w.kind == text::WordKind::symbol; });
  sums_.reserve(words_.size() + 1);
  sums_.push_back(0);
  for (const text::Word& word : words_) {
    const std::string_view spelling = text.substr(word.begin, word.end - word.begin);
    sums_.push_back(sums_.back() + count_code_points(spelling));
    if (word.kind == text::WordKind::cjk) ++cjk_;
  }
}

RepeatedPart repeated_parts(std::string_view text, std::string_view separator,
                            const MeasuredWords& words) {
  struct Part {
    std::uint64_t hash;
    std::size_t characters;
  };

  std::vector<Part> parts;
  std::unordered_map<std::uint64_t, std::size_t> counts;
  std::size_t word = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    const std::size_t first_word = word;
    while (word < words.size() && words.words()[word].begin < end) {
      ++word;
    }
    const std::string_view part = trim_blanks(text.substr(begin, end - begin));
    if (!part.empty()) {
      parts.push_back({hash64(part), words.characters(first_word, word)});
      ++counts[parts.back().hash];
    }
    begin = end + separator.size();
  }
  if (parts.size() < 2) return {};
  std::size_t repeated = 0;
  std::size_t characters = 0;
  for (const Part& part : parts) {
    if (counts[part.hash] < 2) continue;
    ++repeated;
    characters += part.characters;
  }
  return {share_of(repeated, parts.size()), share_of(characters, words.all_characters())};
}

RepeatedGrams repeated_grams(const MeasuredWords& words, const std::array<std::size_t, 3>& top,
                             const std::array<std::size_t, 6>& duplicated) {
  std::vector<std::uint64_t> symbols;
  symbols.reserve(words.size());
  for (const text::Word& word : words.words()) {
    symbols.push_back(word.hash);
  }
  const text::WindowHashes hashes(symbols);
  RepeatedGrams grams;
  for (std::size_t i = 0; i < top.size(); ++i) {
    grams.top[i] = top_gram(words, hashes, top[i]);
  }
  std::vector<char> starts(words.size(), 1);
  for (std::size_t i = 0; i < duplicated.size(); ++i) {
    starts = repeated_starts(hashes, duplicated[i], starts);
    const std::size_t covered = covered_characters(words, starts, duplicated[i]);
    if (covered == 0) break;
    grams.duplicated[i] = share_of(covered, words.all_characters());
  }
  return grams;
}

}  // namespace aludel::curate
