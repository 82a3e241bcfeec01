#include "aludel/text/classifier/features.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

/// Appends the hashes of the character n-grams of one word with < and > around it.
void append_character_ngrams(std::string_view word, const FeatureSettings& settings,
                             std::vector<std::uint64_t>& hashes) {
  const std::string marked = "<" + std::string(word) + ">";
  std::vector<std::size_t> starts;  // of code points, and the end
  for (std::size_t at = 0; at < marked.size(); at += decode_utf8(marked, at).size_bytes) {
    starts.push_back(at);
  }
  starts.push_back(marked.size());
  const auto longest = static_cast<std::size_t>(settings.max_characters);
  for (auto n = static_cast<std::size_t>(settings.min_characters); n <= longest; ++n) {
    for (std::size_t i = 0; i + n < starts.size(); ++i) {
      hashes.push_back(hash64({&marked[starts[i]], starts[i + n] - starts[i]}, n));
    }
  }
}

}  // namespace

std::vector<Feature> extract_features(std::string_view text, const FeatureSettings& settings) {
  const std::vector<Word> words = split_words(text, Case::folded);
  std::vector<std::uint64_t> symbols;
  symbols.reserve(words.size());
  for (const Word& word : words) {
    symbols.push_back(word.hash);
  }
  std::vector<std::uint64_t> hashes;
  const WindowHashes windows(symbols);
  for (std::size_t n = 1; n <= static_cast<std::size_t>(settings.word_ngrams); ++n) {
    for (std::size_t i = 0; i + n <= symbols.size(); ++i) {
      hashes.push_back(mix64(windows.window(i, n) + n));
    }
  }
  if (settings.min_characters > 0) {
    for (const Word& word : words) {
      if (word.kind != WordKind::word) continue;
      append_character_ngrams(text.substr(word.begin, word.end - word.begin), settings, hashes);
    }
  }
  std::vector<std::uint32_t> buckets(hashes.size());
  std::ranges::transform(hashes, buckets.begin(), [&](std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> (64 - settings.bucket_bits));
  });
  std::ranges::sort(buckets);
  std::vector<Feature> features;
  double squares = 0;
  for (std::size_t i = 0; i < buckets.size();) {
    std::size_t end = i + 1;
    while (end < buckets.size() && buckets[end] == buckets[i])
      ++end;
    const float value = std::log1p(static_cast<float>(end - i));
    squares += static_cast<double>(value) * value;
    features.push_back({buckets[i], value});
    i = end;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-12)));
  for (Feature& feature : features) {
    feature.value *= scale;
  }
  return features;
}

}  // namespace aludel::text
