#pragma once

// A text as a sparse vector of hashed n-grams.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/text/words.h"

namespace aludel::text {

struct FeatureSettings {
  std::int64_t bucket_bits = 18;
  std::int64_t word_ngrams = 2;
  std::int64_t min_characters = 0;
  std::int64_t max_characters = 0;
  std::int64_t window_words = 250;

  template <class V>
  void visit(V& v) {
    v("bucket_bits", bucket_bits, "n-grams are hashed into 2^this buckets", between(8, 26));
    v("word_ngrams", word_ngrams, "longest run of words and symbols that is a feature",
      between(1, 5));
    v("min_characters", min_characters, "shortest character n-gram inside a word; 0: none",
      between(0, 8));
    v("max_characters", max_characters, "longest character n-gram inside a word", between(0, 8));
    v("window_words", window_words,
      "a text is learnt and judged in parts of about as many words, and has the mean of their "
      "values, so that a long text is not taken for a good one; 0: as a whole",
      at_least(0));
  }
};

struct Feature {
  std::uint32_t bucket;
  float value;
};

/// Each bucket once, in the order in which the words first have it, with log(1 + count), the whole
/// of length 1 (L2); empty without words. A word's letter case does not count.
/// REQUIRES: the words are split_words(text, Case::folded), or some of them that stand in a row.
/// Source: Joulin et al. 2016, arXiv:1607.01759 (hashed n-grams); weights as in tf-idf.
std::vector<Feature> extract_features(std::string_view text, std::span<const Word> words,
                                      const FeatureSettings& settings);

/// Of all words of the text.
std::vector<Feature> extract_features(std::string_view text, const FeatureSettings& settings);

/// The words in as many runs of equal length as bring each nearest to window_words; one run where
/// that is 0 or the words are few.
std::vector<std::span<const Word>> windows_of(std::span<const Word> words,
                                              const FeatureSettings& settings);

}  // namespace aludel::text
