#include "aludel/text/classifier/features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <string>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

/// Counts hashes by bucket, in a table that is sized to the text and not to all buckets: a text has
/// few of them, and the table stays in the first caches.
class BucketCounts {
 public:
  /// REQUIRES: at most `most` calls of add().
  BucketCounts(std::size_t most, std::int64_t bucket_bits)
      : bucket_shift_(static_cast<int>(64 - bucket_bits)),
        slots_(std::bit_ceil(2 * std::min(most, std::size_t{1} << bucket_bits) + 2), 0),
        slot_shift_(32 - std::countr_zero(slots_.size())) {
    counts_.reserve(std::min(most, slots_.size() / 2));
  }

  void add(std::uint64_t hash) {
    const auto bucket = static_cast<std::uint32_t>(hash >> bucket_shift_);
    std::size_t slot = (bucket * 0x9E3779B1U) >> slot_shift_;
    while (slots_[slot] != 0 && counts_[slots_[slot] - 1].bucket != bucket) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    if (slots_[slot] == 0) {
      counts_.push_back({bucket, 0});
      slots_[slot] = static_cast<std::uint32_t>(counts_.size());
    }
    counts_[slots_[slot] - 1].value += 1;
  }

  /// The counts as values, in the order in which their buckets were first met.
  std::vector<Feature> take() && { return std::move(counts_); }

 private:
  int bucket_shift_;
  std::vector<std::uint32_t> slots_;  // 1 + index in counts_; 0: free
  int slot_shift_;
  std::vector<Feature> counts_;
};

/// log(1 + count); a table for the counts that nearly all have.
float log_count(float count) {
  static const auto logs = [] {
    std::array<float, 32> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      values.at(i) = std::log1p(static_cast<float>(i));
    }
    return values;
  }();
  return count < static_cast<float>(logs.size()) ? logs[static_cast<std::size_t>(count)]
                                                 : std::log1p(count);
}

/// Adds the hashes of the character n-grams of one word with < and > around it.
void add_character_ngrams(std::string_view word, const FeatureSettings& settings,
                          BucketCounts& counts) {
  const std::string marked = "<" + std::string(word) + ">";
  std::vector<std::size_t> starts;  // of code points, and the end
  for (std::size_t at = 0; at < marked.size(); at += decode_utf8(marked, at).size_bytes) {
    starts.push_back(at);
  }
  starts.push_back(marked.size());
  const auto longest = static_cast<std::size_t>(settings.max_characters);
  for (auto n = static_cast<std::size_t>(settings.min_characters); n <= longest; ++n) {
    for (std::size_t i = 0; i + n < starts.size(); ++i) {
      counts.add(hash64({&marked[starts[i]], starts[i + n] - starts[i]}, n));
    }
  }
}

}  // namespace

std::vector<Feature> extract_features(std::string_view text, std::span<const Word> words,
                                      const FeatureSettings& settings) {
  std::vector<std::uint64_t> symbols(words.size());
  std::ranges::transform(words, symbols.begin(), [](const Word& word) { return word.hash; });
  const bool has_characters = settings.min_characters > 0;
  const auto lengths = static_cast<std::size_t>(
      settings.word_ngrams +
      (has_characters ? settings.max_characters - settings.min_characters + 1 : 0));
  // A word of n bytes has at most n + 2 character n-grams of a length.
  BucketCounts counts(
      has_characters ? lengths * (text.size() + 2 * words.size()) : lengths * words.size(),
      settings.bucket_bits);
  const WindowHashes windows(symbols);
  for (std::size_t n = 1; n <= static_cast<std::size_t>(settings.word_ngrams); ++n) {
    for (std::size_t i = 0; i + n <= symbols.size(); ++i) {
      counts.add(mix64(windows.window(i, n) + n));
    }
  }
  if (has_characters) {
    for (const Word& word : words) {
      if (word.kind != WordKind::word) continue;
      add_character_ngrams(text.substr(word.begin, word.end - word.begin), settings, counts);
    }
  }
  std::vector<Feature> features = std::move(counts).take();
  double squares = 0;
  for (Feature& feature : features) {
    feature.value = log_count(feature.value);
    squares += static_cast<double>(feature.value) * feature.value;
  }
  const auto scale = static_cast<float>(1 / std::sqrt(std::max(squares, 1e-12)));
  for (Feature& feature : features) {
    feature.value *= scale;
  }
  return features;
}

std::vector<Feature> extract_features(std::string_view text, const FeatureSettings& settings) {
  return extract_features(text, split_words(text, Case::folded), settings);
}

std::vector<std::span<const Word>> windows_of(std::span<const Word> words,
                                              const FeatureSettings& settings) {
  const auto size = static_cast<std::size_t>(settings.window_words);
  const std::size_t count =
      size == 0 ? 1 : std::max<std::size_t>(1, (words.size() + size / 2) / size);
  std::vector<std::span<const Word>> windows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = words.size() * i / count;
    windows.push_back(words.subspan(begin, words.size() * (i + 1) / count - begin));
  }
  return windows;
}

}  // namespace aludel::text
