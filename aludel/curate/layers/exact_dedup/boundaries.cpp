#include "aludel/curate/layers/exact_dedup/boundaries.h"

#include <algorithm>
#include <array>

namespace aludel::curate::exact_dedup {
namespace {

bool ends_sentence(std::string_view symbol) {
  constexpr std::array<std::string_view, 7> kEnds = {".", "!", "?", "。", "！", "？", "…"};
  return std::ranges::find(kEnds, symbol) != kEnds.end();
}

/// True if a line or sentence begins with word `at`, or the text ends before it.
bool is_boundary(std::string_view text, std::span<const text::Word> words, std::size_t at) {
  if (at == 0 || at == words.size()) return true;
  const text::Word& before = words[at - 1];
  const std::string_view between = text.substr(before.end, words[at].begin - before.end);
  if (between.find('\n') != std::string_view::npos) return true;
  if (before.kind != text::WordKind::symbol) return false;
  const std::string_view symbol = text.substr(before.begin, before.end - before.begin);
  return ends_sentence(symbol) && (!between.empty() || symbol.size() > 1);
}

}  // namespace

std::vector<text::Word> repeat_words(std::string_view text) {
  std::vector<text::Word> words = text::split_words(text, text::Case::exact);
  auto last = words.begin();  // of those that stay
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (word == words.begin()) continue;
    if (word->kind == text::WordKind::symbol && word->hash == last->hash) {
      last->end = word->end;
    } else {
      *++last = *word;
    }
  }
  if (!words.empty()) words.erase(last + 1, words.end());
  return words;
}

Range snap_to_sentences(std::string_view text, std::span<const text::Word> words,
                        const Range& run) {
  Range snapped = run;
  while (snapped.begin < run.end && !is_boundary(text, words, snapped.begin))
    ++snapped.begin;
  while (snapped.end > snapped.begin && !is_boundary(text, words, snapped.end))
    --snapped.end;
  if (2 * (snapped.end - snapped.begin) >= run.end - run.begin) return snapped;
  snapped = run;
  while (snapped.begin + 1 < run.end && words[snapped.begin].kind == text::WordKind::symbol) {
    ++snapped.begin;
  }
  return snapped;
}

}  // namespace aludel::curate::exact_dedup
