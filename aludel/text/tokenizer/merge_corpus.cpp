#include "aludel/text/tokenizer/merge_corpus.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

std::uint64_t key_of(std::int32_t left, std::int32_t right) {
  return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32) |
         static_cast<std::uint32_t>(right);
}

}  // namespace

bool MergeCorpus::Candidate::operator<(const Candidate& other) const {
  if (count != other.count) return count < other.count;
  if (left != other.left) return left > other.left;
  return right > other.right;
}

MergeCorpus::MergeCorpus(const WordCounts& words, std::int64_t max_piece_characters,
                         std::uint64_t min_count)
    : max_piece_characters_(max_piece_characters),
      min_count_(min_count),
      pair_slots_(std::size_t{1} << 16, kNone) {
  std::unordered_map<char32_t, std::uint64_t> counts;
  for (const auto& [word, count] : words.counts()) {
    for (std::size_t at = 0; at < word.size();) {
      const CodePoint next = decode_utf8(word, at);
      counts[next.value] += count;
      at += next.size_bytes;
    }
  }
  for (const auto& [value, count] : counts) {
    characters_.push_back({value, count});
  }
  std::ranges::sort(characters_, [](const Character& a, const Character& b) {
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  for (const Character& character : characters_) {
    std::string text;
    append_utf8(text, character.value);
    symbol_ids_.emplace(text, static_cast<std::int32_t>(symbols_.size()));
    symbols_.push_back({std::move(text), 1});
  }
  add_words(words);
  count_pairs();
}

void MergeCorpus::add_words(const WordCounts& words) {
  std::vector<const WordCounts::Map::value_type*> sorted;
  sorted.reserve(words.counts().size());
  for (const auto& entry : words.counts()) {
    sorted.push_back(&entry);
  }
  std::ranges::sort(sorted, {}, [](const auto* entry) { return std::string_view(entry->first); });
  for (const auto* entry : sorted) {
    const std::string_view word = entry->first;
    const std::size_t first = symbol_at_.size();
    ALUDEL_CHECK(first + word.size() < kNone, "more unique words than training can hold");
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t size = decode_utf8(word, at).size_bytes;
      const auto place = static_cast<Position>(symbol_at_.size());
      symbol_at_.push_back(symbol_of(word.substr(at, size)));
      previous_.push_back(at == 0 ? kNone : place - 1);
      next_.push_back(place + 1);
      word_at_.push_back(static_cast<std::uint32_t>(word_counts_.size()));
      at += size;
    }
    next_.back() = kNone;
    word_counts_.push_back(entry->second);
  }
}

void MergeCorpus::count_pairs() {
  for (Position at = 0; at < symbol_at_.size(); ++at) {
    if (next_[at] != kNone) add_occurrence(symbol_at_[at], symbol_at_[next_[at]], at);
  }
  grown_.clear();
  for (std::uint32_t id = 0; id < pairs_.size(); ++id) {
    const Pair& pair = pairs_[id];
    if (pair.count >= min_count_) candidates_.push({pair.count, pair.left, pair.right, id});
  }
}

/// Where the pair's place in pairs_ is written, or the empty slot where it belongs.
std::size_t MergeCorpus::slot_of_pair(std::int32_t left, std::int32_t right) const {
  const std::size_t mask = pair_slots_.size() - 1;
  std::size_t slot = mix64(key_of(left, right)) & mask;
  while (pair_slots_[slot] != kNone) {
    const Pair& pair = pairs_[pair_slots_[slot]];
    if (pair.left == left && pair.right == right) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

MergeCorpus::Pair* MergeCorpus::find_pair(std::int32_t left, std::int32_t right) {
  const std::uint32_t place = pair_slots_[slot_of_pair(left, right)];
  return place == kNone ? nullptr : &pairs_[place];
}

void MergeCorpus::grow_pair_slots() {
  pair_slots_.assign(pair_slots_.size() * 2, kNone);
  for (std::size_t place = 0; place < pairs_.size(); ++place) {
    pair_slots_[slot_of_pair(pairs_[place].left, pairs_[place].right)] =
        static_cast<std::uint32_t>(place);
  }
}

void MergeCorpus::add_occurrence(std::int32_t left, std::int32_t right, Position at) {
  const std::int64_t characters = symbols_[static_cast<std::size_t>(left)].characters +
                                  symbols_[static_cast<std::size_t>(right)].characters;
  if (characters > max_piece_characters_) return;
  std::uint32_t& place = pair_slots_[slot_of_pair(left, right)];
  const bool is_new = place == kNone;
  if (is_new) {
    place = static_cast<std::uint32_t>(pairs_.size());
    Pair& added = pairs_.emplace_back();
    added.left = left;
    added.right = right;
  }
  const std::uint32_t id = place;
  Pair& pair = pairs_[id];
  pair.count += word_counts_[word_at_[at]];
  if (pair.has_first) {
    pair.more.push_back(at);
  } else {
    pair.first = at;
    pair.has_first = true;
  }
  grown_.push_back(id);
  if (is_new && pair_slots_.size() < 2 * pairs_.size()) grow_pair_slots();
}

void MergeCorpus::remove_occurrence(std::int32_t left, std::int32_t right, Position at) {
  Pair* pair = find_pair(left, right);
  if (pair != nullptr) pair->count -= word_counts_[word_at_[at]];
}

// A count in the queue is out of date when the pair has lost occurrences since: it then goes back
// with its count of now. Pairs that gained occurrences were added again at once.
std::uint64_t MergeCorpus::best_count() {
  while (!candidates_.empty()) {
    Candidate best = candidates_.top();
    const std::uint64_t count = pairs_[best.pair].count;
    if (count == best.count) return count;
    candidates_.pop();
    if (count >= min_count_ && count < best.count) {
      best.count = count;
      candidates_.push(best);
    }
  }
  return 0;
}

std::optional<std::string> MergeCorpus::merge_best() {
  ALUDEL_CHECK(best_count() > 0, "no pair left to merge");
  const Candidate best = candidates_.top();
  candidates_.pop();
  const std::string text = symbols_[static_cast<std::size_t>(best.left)].text +
                           symbols_[static_cast<std::size_t>(best.right)].text;
  std::int32_t merged = symbol_of(text);
  const bool is_new = merged < 0;
  if (is_new) {
    merged = static_cast<std::int32_t>(symbols_.size());
    symbols_.push_back({text, symbols_[static_cast<std::size_t>(best.left)].characters +
                                  symbols_[static_cast<std::size_t>(best.right)].characters});
    symbol_ids_.emplace(text, merged);
  }
  grown_.clear();
  for (const Position at : take_occurrences(text)) {
    if (is_pair_of(at, text)) merge_at(at, merged);
  }
  std::ranges::sort(grown_);
  grown_.erase(std::unique(grown_.begin(), grown_.end()), grown_.end());
  for (const std::uint32_t id : grown_) {
    const Pair& pair = pairs_[id];
    if (pair.count >= min_count_) candidates_.push({pair.count, pair.left, pair.right, id});
  }
  if (!is_new) return std::nullopt;
  return text;
}

/// Where pairs that make this text may stand, from left to right. They are forgotten: each is
/// merged now or out of date.
std::vector<MergeCorpus::Position> MergeCorpus::take_occurrences(std::string_view text) {
  std::vector<Position> positions;
  for (std::size_t split = 0; split < text.size();) {
    split += decode_utf8(text, split).size_bytes;
    if (split == text.size()) break;
    const std::int32_t left = symbol_of(text.substr(0, split));
    const std::int32_t right = left < 0 ? -1 : symbol_of(text.substr(split));
    Pair* pair = right < 0 ? nullptr : find_pair(left, right);
    if (pair == nullptr) continue;
    const std::vector<Position> more = std::exchange(pair->more, {});
    positions.insert(positions.end(), more.begin(), more.end());
    if (std::exchange(pair->has_first, false)) positions.push_back(pair->first);
  }
  std::ranges::sort(positions);
  return positions;
}

bool MergeCorpus::is_pair_of(Position at, std::string_view text) const {
  if (symbol_at_[at] < 0 || next_[at] == kNone) return false;
  const std::string_view left = symbols_[static_cast<std::size_t>(symbol_at_[at])].text;
  const std::string_view right = symbols_[static_cast<std::size_t>(symbol_at_[next_[at]])].text;
  return left.size() + right.size() == text.size() && text.starts_with(left) &&
         text.ends_with(right);
}

void MergeCorpus::merge_at(Position at, std::int32_t merged) {
  const Position right = next_[at];
  const Position after = next_[right];
  const Position before = previous_[at];
  remove_occurrence(symbol_at_[at], symbol_at_[right], at);
  if (before != kNone) remove_occurrence(symbol_at_[before], symbol_at_[at], at);
  if (after != kNone) remove_occurrence(symbol_at_[right], symbol_at_[after], at);
  symbol_at_[at] = merged;
  symbol_at_[right] = -1;
  next_[at] = after;
  if (after != kNone) previous_[after] = at;
  if (before != kNone) add_occurrence(symbol_at_[before], merged, before);
  if (after != kNone) add_occurrence(merged, symbol_at_[after], at);
}

std::int32_t MergeCorpus::symbol_of(std::string_view text) const {
  const auto found = symbol_ids_.find(text);
  return found == symbol_ids_.end() ? -1 : found->second;
}

}  // namespace aludel::text
