#include "aludel/curate/layers/exact_dedup/repeats.h"

#include <algorithm>

#include "aludel/base/check.h"
#include "aludel/text/words.h"

namespace aludel::curate::exact_dedup {
namespace {

constexpr unsigned kPositionBits = 40;
constexpr std::uint64_t kPositionMask = (std::uint64_t{1} << kPositionBits) - 1;
constexpr std::uint64_t kEmptySlot = UINT64_MAX;

/// The first position of every window, in a table with open addressing: 24 bits of hash, position.
class FirstWindows {
 public:
  FirstWindows(std::span<const std::uint64_t> words, std::size_t length, std::size_t windows)
      : words_(words), length_(length), slots_(windows + windows / 3 + 1, kEmptySlot) {
    ALUDEL_CHECK(words.size() < kPositionMask, "positions fit their bits");
  }

  /// Returns the first position of the words of the window at `position`, which is `position`
  /// itself if they are new.
  std::size_t first(std::uint64_t hash, std::size_t position) {
    __extension__ using Wide = unsigned __int128;
    const std::uint64_t tag = hash << kPositionBits;
    auto slot = static_cast<std::size_t>((Wide{hash} * slots_.size()) >> 64);
    while (slots_[slot] != kEmptySlot) {
      const std::uint64_t entry = slots_[slot];
      const std::size_t earlier = entry & kPositionMask;
      if ((entry & ~kPositionMask) == tag && same(earlier, position)) {
        equal_first_ = earlier;
        equal_second_ = position;
        return earlier;
      }
      slot = slot + 1 == slots_.size() ? 0 : slot + 1;
    }
    slots_[slot] = tag | position;
    return position;
  }

 private:
  bool same(std::size_t a, std::size_t b) const {
    // OPTIMIZATION: one word behind two equal windows, only the last word must be compared.
    if (a == equal_first_ + 1 && b == equal_second_ + 1) {
      return words_[a + length_ - 1] == words_[b + length_ - 1];
    }
    return std::ranges::equal(words_.subspan(a, length_), words_.subspan(b, length_));
  }

  std::span<const std::uint64_t> words_;
  std::size_t length_;
  std::vector<std::uint64_t> slots_;
  std::size_t equal_first_ = kPositionMask;
  std::size_t equal_second_ = kPositionMask;
};

}  // namespace

void WordSequences::add(std::span<const std::uint64_t> words) {
  words_.insert(words_.end(), words.begin(), words.end());
  ends_.push_back(words_.size());
}

void WordSequences::merge(const WordSequences& later) {
  const std::size_t offset = words_.size();
  words_.insert(words_.end(), later.words_.begin(), later.words_.end());
  for (const std::size_t end : later.ends_) {
    ends_.push_back(offset + end);
  }
}

std::span<const std::uint64_t> WordSequences::operator[](std::size_t document) const {
  const std::size_t begin = begin_of(document);
  return all().subspan(begin, ends_[document] - begin);
}

std::vector<std::vector<Range>> find_repeats(const WordSequences& corpus, std::size_t length,
                                             const std::vector<bool>& skip) {
  const auto windows_of = [&](std::size_t document) {
    const std::size_t words = corpus[document].size();
    return skip[document] || words < length ? 0 : words - length + 1;
  };
  std::size_t windows = 0;
  for (std::size_t document = 0; document < corpus.size(); ++document) {
    windows += windows_of(document);
  }
  FirstWindows firsts(corpus.all(), length, windows);
  std::vector<std::vector<Range>> cuts(corpus.size());
  for (std::size_t document = 0; document < corpus.size(); ++document) {
    const std::size_t count = windows_of(document);
    if (count == 0) continue;
    const text::WindowHashes hashes(corpus[document]);
    const std::size_t begin = corpus.begin_of(document);
    std::vector<Range>& found = cuts[document];
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t earlier = firsts.first(hashes.window(i, length), begin + i);
      if (earlier + length > begin + i) continue;  // new, or it overlaps its first occurrence
      if (!found.empty() && found.back().end >= i) {
        found.back().end = i + length;
      } else {
        found.push_back({i, i + length});
      }
    }
  }
  return cuts;
}

}  // namespace aludel::curate::exact_dedup
