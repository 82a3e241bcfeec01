#include "aludel/text/language/fasttext_dictionary.h"

#include <bit>

namespace aludel::text {
namespace {

constexpr std::string_view kEndOfLine = "</s>";

bool is_continuation(char byte) {
  return (byte & 0xC0) == 0x80;
}

bool parts_words(char byte) {
  return byte == ' ' || (byte >= '\t' && byte <= '\r') || byte == '\0';
}

std::size_t table_size(std::size_t entries) {
  return std::bit_ceil(entries * 2 + 1);
}

std::size_t spread(std::uint32_t bucket) {
  return static_cast<std::size_t>(bucket * std::uint64_t{0x9E3779B97F4A7C15} >> 32);
}

}  // namespace

std::uint32_t fasttext_hash(std::string_view bytes) {
  FastTextHash hash;
  for (const char byte : bytes) {
    hash.add(byte);
  }
  return hash.value();
}

FastTextDictionary::FastTextDictionary(std::vector<std::string> words,
                                       std::vector<std::string> labels, const Features& features,
                                       const std::optional<std::vector<KeptBucket>>& kept)
    : entries_(std::move(words)), words_(entries_.size()), features_(features) {
  entries_.insert(entries_.end(), labels.begin(), labels.end());
  by_hash_.assign(table_size(entries_.size()), -1);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = fasttext_hash(entries_[i]) & (by_hash_.size() - 1);
    while (by_hash_[slot] >= 0) {
      slot = (slot + 1) & (by_hash_.size() - 1);
    }
    by_hash_[slot] = static_cast<std::int32_t>(i);
  }
  if (!kept) return;
  kept_.resize(table_size(kept->size()));
  for (const KeptBucket& one : *kept) {
    std::size_t slot = spread(static_cast<std::uint32_t>(one.bucket)) & (kept_.size() - 1);
    while (kept_[slot].bucket >= 0 && kept_[slot].bucket != one.bucket) {
      slot = (slot + 1) & (kept_.size() - 1);
    }
    kept_[slot] = one;
  }
}

std::optional<std::size_t> FastTextDictionary::find(std::string_view word,
                                                    std::uint32_t hash) const {
  std::size_t slot = hash & (by_hash_.size() - 1);
  while (by_hash_[slot] >= 0) {
    const auto entry = static_cast<std::size_t>(by_hash_[slot]);
    if (entries_[entry] == word) return entry;
    slot = (slot + 1) & (by_hash_.size() - 1);
  }
  return std::nullopt;
}

void FastTextDictionary::add_bucket(std::uint32_t bucket, std::vector<std::uint32_t>& rows) const {
  const auto words = static_cast<std::uint32_t>(words_);
  if (kept_.empty()) {
    rows.push_back(words + bucket);
    return;
  }
  std::size_t slot = spread(bucket) & (kept_.size() - 1);
  while (kept_[slot].bucket >= 0) {
    if (kept_[slot].bucket == static_cast<std::int32_t>(bucket)) {
      rows.push_back(words + static_cast<std::uint32_t>(kept_[slot].row));
      return;
    }
    slot = (slot + 1) & (kept_.size() - 1);
  }
}

// A single "<" or ">", the marks of a word's ends, is no n-gram.
void FastTextDictionary::add_characters(std::string_view word,
                                        std::vector<std::uint32_t>& rows) const {
  for (std::size_t begin = 0; begin < word.size(); ++begin) {
    if (is_continuation(word[begin])) continue;
    FastTextHash hash;
    std::size_t end = begin;
    for (std::size_t n = 1; n <= features_.max_characters && end < word.size(); ++n) {
      hash.add(word[end++]);
      while (end < word.size() && is_continuation(word[end])) {
        hash.add(word[end++]);
      }
      const bool is_mark = n == 1 && (begin == 0 || end == word.size());
      if (n >= features_.min_characters && !is_mark) {
        add_bucket(hash.value() % features_.buckets, rows);
      }
    }
  }
}

void FastTextDictionary::add_word(std::string_view word, std::vector<std::uint32_t>& rows,
                                  std::vector<std::int32_t>& hashes) const {
  const std::uint32_t hash = fasttext_hash(word);
  const std::optional<std::size_t> entry = find(word, hash);
  if (entry ? *entry >= words_ : word.starts_with(kFastTextLabelPrefix)) return;
  if (entry) rows.push_back(static_cast<std::uint32_t>(*entry));
  if (word != kEndOfLine) {
    std::string marked;
    marked.reserve(word.size() + 2);
    marked.append("<").append(word).append(">");
    add_characters(marked, rows);
  }
  if (features_.word_ngrams > 1) hashes.push_back(static_cast<std::int32_t>(hash));
}

// The signs of the hashes are extended to 64 bits, as fastText's conversions do it.
void FastTextDictionary::add_word_ngrams(std::span<const std::int32_t> hashes,
                                         std::vector<std::uint32_t>& rows) const {
  for (std::size_t first = 0; first < hashes.size(); ++first) {
    auto hash = static_cast<std::uint64_t>(std::int64_t{hashes[first]});
    for (std::size_t next = first + 1; next < hashes.size() && next < first + features_.word_ngrams;
         ++next) {
      hash = hash * 116049371U + static_cast<std::uint64_t>(std::int64_t{hashes[next]});
      add_bucket(static_cast<std::uint32_t>(hash % features_.buckets), rows);
    }
  }
}

std::vector<std::uint32_t> FastTextDictionary::rows_of(std::string_view text) const {
  std::vector<std::uint32_t> rows;
  std::vector<std::int32_t> hashes;
  for (std::size_t begin = 0; begin < text.size();) {
    if (parts_words(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && !parts_words(text[end])) {
      ++end;
    }
    add_word(text.substr(begin, end - begin), rows, hashes);
    begin = end;
  }
  add_word(kEndOfLine, rows, hashes);
  add_word_ngrams(hashes, rows);
  return rows;
}

}  // namespace aludel::text
