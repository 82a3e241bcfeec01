#include "aludel/curate/layers/exact_dedup/duplicates.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "aludel/text/words.h"

namespace aludel::curate::exact_dedup {
namespace {

struct HashOfHash {
  std::size_t operator()(const Hash128& hash) const { return hash.low; }
};

}  // namespace

Hash128 text_fingerprint(std::string_view text) {
  const std::vector<text::Word> words = text::split_words(text, text::Case::folded);
  std::vector<std::uint64_t> hashes(words.size());
  std::ranges::transform(words, hashes.begin(), &text::Word::hash);
  return hash128({reinterpret_cast<const char*>(hashes.data()), hashes.size() * sizeof hashes[0]});
}

std::vector<Duplicate> find_duplicates(const std::vector<Copy>& copies) {
  std::unordered_map<Hash128, std::size_t, HashOfHash> by_text;
  std::unordered_map<Hash128, std::size_t, HashOfHash> by_url;  // the newest so far
  std::map<std::size_t, Duplicate> dropped;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    const auto [first, is_new] = by_text.try_emplace(copies[i].text, i);
    if (!is_new) {
      dropped[i] = {i, first->second, "duplicate"};
      continue;
    }
    if (copies[i].url == Hash128{}) continue;
    const auto [newest, only] = by_url.try_emplace(copies[i].url, i);
    if (!only && copies[i].time > copies[newest->second].time) newest->second = i;
  }
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (copies[i].url == Hash128{} || dropped.contains(i)) continue;
    const std::size_t newest = by_url.at(copies[i].url);
    if (newest != i) dropped[i] = {i, newest, "duplicate_url"};
  }
  std::vector<Duplicate> sorted;
  sorted.reserve(dropped.size());
  for (const auto& [document, duplicate] : dropped) {
    sorted.push_back(duplicate);
  }
  return sorted;
}

}  // namespace aludel::curate::exact_dedup
