#pragma once

// Runs of words that stood earlier in the corpus.

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"

namespace aludel::curate::exact_dedup {

/// The words of a corpus, document after document, as hashes of 64 bits.
class WordSequences {
 public:
  void add(std::span<const std::uint64_t> words);
  /// Appends the documents of `later`.
  void merge(const WordSequences& later);

  std::size_t size() const { return ends_.size(); }

  std::span<const std::uint64_t> operator[](std::size_t document) const;

  std::size_t begin_of(std::size_t document) const {
    return document == 0 ? 0 : ends_[document - 1];
  }

  std::span<const std::uint64_t> all() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<std::size_t> ends_;
};

/// For each document, the ranges of words to cut. A window of `length` words is a repeat when a
/// window of the same words, the first of them in the corpus, ended at or before its begin; a cut
/// is a union of repeats, so that every window's first occurrence, or the text that it repeats in
/// turn, stays. Windows do not cross documents; equal is what has equal words, not equal hashes of
/// runs. Documents with skip[i] true are not looked at, as if they were empty. Time: linear.
/// Memory: 10 bytes a word. REQUIRES: length > 0. Source: Lee et al. 2022, arXiv:2107.06499 (exact
/// substrings of 50 tokens or more).
/// DEVIATION: a table of window hashes, whose hits are compared word by word, instead of a suffix
/// array over bytes. It finds the same runs (a repeat of `length` words or more is a union of equal
/// windows; a test compares it with brute force), in linear time and 10 bytes a word instead of
/// sorting 8 bytes for each byte of text, and a cut can begin and end at whole words only, so never
/// inside a UTF-8 character, which byte arrays do in Chinese (text-dedup's issue 33).
std::vector<std::vector<Range>> find_repeats(const WordSequences& corpus, std::size_t length,
                                             const std::vector<bool>& skip);

}  // namespace aludel::curate::exact_dedup
