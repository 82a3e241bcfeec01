#pragma once

// Finds runs of words that occur earlier in the corpus.

#include <cstdint>
#include <span>
#include <vector>

#include "aludel/curate/layers/shared/cut_text.h"

namespace aludel::curate::exact_dedup {

/// The words of a corpus, document after document, as 64-bit hashes.
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

/// Returns for each document the ranges of words to cut. A window of `length` words is a repeat if
/// the first window with the same words in the corpus ends at or before its begin. A cut is a union
/// of repeats, so every window's first occurrence, or the text that it repeats in turn, is kept.
/// Windows do not cross documents. They are compared by words, not by hashes of runs. Treats
/// documents with skip[i] true as empty. Time: linear. Memory: 10 bytes a word. REQUIRES: length >
/// 0. Source: Lee et al. 2022, arXiv:2107.06499 (exact substrings of 50 tokens or more). DEVIATION:
/// uses a table of window hashes, whose hits are compared word by word, not a suffix array over
/// bytes. It finds the same runs (a repeat of `length` words or more is a union of equal windows;
/// a test compares it with brute force), in linear time and 10 bytes a word, where a suffix array
/// sorts 8 bytes for each byte of text. Cuts begin and end at whole words, so never inside a UTF-8
/// character, as byte arrays do in Chinese (text-dedup's issue 33).
std::vector<std::vector<Range>> find_repeats(const WordSequences& corpus, std::size_t length,
                                             const std::vector<bool>& skip);

}  // namespace aludel::curate::exact_dedup
