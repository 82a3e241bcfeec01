#include "aludel/curate/layers/repetition/repeated_grams.h"

#include <algorithm>
#include <bit>

namespace aludel::curate {

namespace {

/// Moves the elements for which `keep` is true to the front. OPTIMIZATION: it has no branch, which
/// the CPU would predict wrongly half the time.
template <class Keep>
void keep_if(std::vector<GramOccurrence>& occurrences, Keep keep) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < occurrences.size(); ++i) {
    const GramOccurrence occurrence = occurrences[i];
    const bool stays = keep(i);
    occurrences[kept] = occurrence;
    kept += stays ? 1U : 0U;
  }
  occurrences.resize(kept);
}

}  // namespace

RepeatedGramFinder::RepeatedGramFinder(const ScannedWords& words) {
  counts_.assign(words.counts().begin(), words.counts().end());
  occurrences_.resize(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    occurrences_[i] = {static_cast<std::uint32_t>(i), words[i].id};
  }
  keep_if(occurrences_, [&](std::size_t i) { return counts_[occurrences_[i].gram] >= 2; });
}

std::uint32_t RepeatedGramFinder::add(std::uint64_t pair) {
  std::size_t slot = (pair * kHashFactor) >> shift_;
  while (pairs_[slot] != pair) {
    if (pairs_[slot] == 0) {
      const auto gram = static_cast<std::uint32_t>(counts_.size());
      pairs_[slot] = pair;
      grams_[slot] = gram;
      counts_.push_back(1);
      return gram;
    }
    slot = (slot + 1) & mask_;
  }
  const std::uint32_t gram = grams_[slot];
  ++counts_[gram];
  return gram;
}

void RepeatedGramFinder::extend() {
  ++length_;
  next_.resize(occurrences_.size());
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < occurrences_.size(); ++i) {
    const GramOccurrence here = occurrences_[i];
    const GramOccurrence next = occurrences_[i + 1];
    occurrences_[kept] = here;
    next_[kept] = next.gram;
    kept += next.begin == here.begin + 1 ? 1U : 0U;
  }
  occurrences_.resize(kept);
  const std::size_t capacity = std::bit_ceil(kept * 2 + 2);
  pairs_.assign(capacity, 0);
  grams_.resize(std::max(grams_.size(), capacity));
  mask_ = capacity - 1;
  shift_ = 64U - static_cast<unsigned>(std::countr_zero(capacity));
  counts_.clear();
  for (std::size_t i = 0; i < kept; ++i) {
    GramOccurrence& occurrence = occurrences_[i];
    occurrence.gram = add(((std::uint64_t{occurrence.gram} << 32U) | next_[i]) + 1);
  }
  keep_if(occurrences_, [&](std::size_t i) { return counts_[occurrences_[i].gram] >= 2; });
}

TopGram top_gram(const ScannedWords& words, const RepeatedGramFinder& grams, TopGramTie tie) {
  TopGram top;
  for (const GramOccurrence& occurrence : grams.occurrences()) {
    const std::uint32_t count = grams.count(occurrence.gram);
    if (count < top.count || (count == top.count && tie == TopGramTie::first)) continue;
    const std::size_t size = words.characters(occurrence.begin, occurrence.begin + grams.length());
    if (count == top.count && size <= top.characters) continue;
    top = {count, occurrence.begin, size};
  }
  return top;
}

std::size_t again_characters(const ScannedWords& words, const RepeatedGramFinder& grams) {
  std::vector<bool> was_there;
  std::size_t characters = 0;
  std::size_t next = 0;
  for (const GramOccurrence& occurrence : grams.occurrences()) {
    if (occurrence.begin < next) continue;
    if (occurrence.gram >= was_there.size()) was_there.resize(occurrence.gram + 1, false);
    if (was_there[occurrence.gram]) {
      next = occurrence.begin + grams.length();
      characters += words.characters(occurrence.begin, next);
    }
    was_there[occurrence.gram] = true;
  }
  return characters;
}

std::size_t covered_characters(const ScannedWords& words, const RepeatedGramFinder& grams) {
  std::size_t characters = 0;
  std::size_t covered_to = 0;
  for (const GramOccurrence& occurrence : grams.occurrences()) {
    const std::size_t begin = std::max<std::size_t>(occurrence.begin, covered_to);
    covered_to = occurrence.begin + grams.length();
    characters += words.characters(begin, covered_to);
  }
  return characters;
}

}  // namespace aludel::curate
