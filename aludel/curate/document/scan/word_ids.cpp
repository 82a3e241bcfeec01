#include "aludel/curate/document/scan/word_ids.h"

#include <algorithm>
#include <bit>

namespace aludel::curate {
namespace {

std::uint64_t load_8(const char* from) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

}  // namespace

std::uint64_t long_word_hash(std::string_view word) {
  if (word.size() > 16) return hash64(word) | 1U;
  const std::uint64_t last = load_8(word.data() + word.size() - 8);
  return mix64(load_8(word.data()) * kHashFactor + mix64(last + word.size())) | 1U;
}

WordIds::WordIds(std::size_t expected) {
  const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(expected * 2, 64));
  hashes_.resize(capacity);
  ids_.resize(capacity);
  mask_ = capacity - 1;
  shift_ = 64U - static_cast<unsigned>(std::countr_zero(capacity));
  counts_.reserve(expected);
}

std::uint32_t WordIds::insert(std::size_t slot, std::uint64_t hash) {
  const auto id = static_cast<std::uint32_t>(counts_.size());
  hashes_[slot] = hash;
  ids_[slot] = id;
  counts_.push_back(1);
  if (counts_.size() * 2 > hashes_.size()) grow();
  return id;
}

void WordIds::grow() {
  std::vector<std::uint64_t> old_hashes(hashes_.size() * 2);
  std::vector<std::uint32_t> old_ids(hashes_.size() * 2);
  old_hashes.swap(hashes_);
  old_ids.swap(ids_);
  mask_ = hashes_.size() - 1;
  --shift_;
  for (std::size_t i = 0; i < old_hashes.size(); ++i) {
    if (old_hashes[i] == 0) continue;
    std::size_t slot = old_hashes[i] >> shift_;
    while (hashes_[slot] != 0) {
      slot = (slot + 1) & mask_;
    }
    hashes_[slot] = old_hashes[i];
    ids_[slot] = old_ids[i];
  }
}

}  // namespace aludel::curate
