#include "aludel/text/tokenizer/piece_index.h"

#include <algorithm>
#include <cstring>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"

namespace aludel::text {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{1} << 32;

}  // namespace

std::size_t PieceIndex::place_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto short_hash = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
    const Slot& slot = slots_[place];
    if (slot.id < 0) return place;
    if (slot.hash == short_hash && slot.size_bytes == text.size() &&
        std::memcmp(texts_.data() + slot.offset, text.data(), text.size()) == 0) {
      return place;
    }
  }
}

void PieceIndex::grow() {
  std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.id < 0) continue;
    const std::string_view text(texts_.data() + slot.offset, slot.size_bytes);
    slots_[place_of(text, hash64(text))] = slot;
  }
}

void PieceIndex::add(std::string_view text, std::int32_t id) {
  ALUDEL_CHECK(id >= 0 && texts_.size() + text.size() < kMaxTextBytes, "index of pieces is full");
  if (slots_.size() < 2 * (count_ + 1)) grow();
  const std::uint64_t hash = hash64(text);
  Slot& slot = slots_[place_of(text, hash)];
  if (slot.id >= 0) return;
  slot = {static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(text.size()),
          static_cast<std::uint32_t>(hash >> 32), id};
  texts_ += text;
  ++count_;
  longest_bytes_ = std::max(longest_bytes_, text.size());
}

std::int32_t PieceIndex::find(std::string_view text) const {
  if (text.size() > longest_bytes_ || slots_.empty()) return -1;
  return slots_[place_of(text, hash64(text))].id;
}

}  // namespace aludel::text
