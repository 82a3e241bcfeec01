#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::text {

/// The hash of fastText's words and n-grams: FNV-1a of 32 bits in which bytes are signed.
class FastTextHash {
 public:
  void add(char byte) {
    value_ = (value_ ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(byte))) * 16777619U;
  }

  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 2166136261U;
};

std::uint32_t fasttext_hash(std::string_view bytes);

/// What a label begins with, in a model and in a text.
inline constexpr std::string_view kFastTextLabelPrefix = "__label__";

/// Words and labels of a model, and the rows that a line of text becomes: of each word its own row
/// and those of its character n-grams, hashed into buckets, then those of word n-grams.
/// Concurrent calls: yes. Source: Bojanowski et al. 2017, arXiv:1607.04606; Joulin et al. 2017,
/// arXiv:1607.01759; pruned dictionaries: Joulin et al. 2016, arXiv:1612.03651.
class FastTextDictionary {
 public:
  struct Features {
    std::size_t min_characters = 0;  // of a character n-gram
    std::size_t max_characters = 0;  // 0: no character n-grams
    std::size_t word_ngrams = 1;     // longest
    std::uint32_t buckets = 0;
  };

  /// A bucket that a pruned model still has a row for, and that row behind those of the words.
  struct KeptBucket {
    std::int32_t bucket = -1;  // free, in the table
    std::int32_t row = 0;
  };

  /// `kept` is nullopt for a model that has rows for all buckets.
  FastTextDictionary(std::vector<std::string> words, std::vector<std::string> labels,
                     const Features& features, const std::optional<std::vector<KeptBucket>>& kept);

  std::span<const std::string> labels() const { return std::span(entries_).subspan(words_); }

  /// Rows of the input matrix in fastText's order. White space of ASCII and zero bytes part words;
  /// the line's end counts as a word, as it does for fastText.
  /// DEVIATION: a "\n" inside of the text is a space and no line's end: a text may have many lines.
  std::vector<std::uint32_t> rows_of(std::string_view text) const;

 private:
  std::optional<std::size_t> find(std::string_view word, std::uint32_t hash) const;
  void add_bucket(std::uint32_t bucket, std::vector<std::uint32_t>& rows) const;
  void add_characters(std::string_view word, std::vector<std::uint32_t>& rows) const;
  void add_word(std::string_view word, std::vector<std::uint32_t>& rows,
                std::vector<std::int32_t>& hashes) const;
  void add_word_ngrams(std::span<const std::int32_t> hashes,
                       std::vector<std::uint32_t>& rows) const;

  std::vector<std::string> entries_;  // words, then labels
  std::size_t words_;
  Features features_;
  // Tables with open addressing, their sizes powers of two.
  std::vector<std::int32_t> by_hash_;  // places in entries_; -1: free
  std::vector<KeptBucket> kept_;       // by bucket; empty in a model that was not pruned
};

}  // namespace aludel::text
