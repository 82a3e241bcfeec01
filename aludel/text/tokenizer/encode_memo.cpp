#include "aludel/text/tokenizer/encode_memo.h"

#include <algorithm>
#include <cstring>

#include "aludel/base/hash.h"

namespace aludel::text {

EncodeMemo::EncodeMemo() : entries_(std::make_unique<std::array<Entry, kPlaces>>()) {}

EncodeMemo::Key EncodeMemo::key_of(std::string_view text, std::size_t begin, std::size_t size) {
  std::array<std::uint64_t, 2> bytes = {};
  if (begin + kMostBytes <= text.size()) {
    std::memcpy(bytes.data(), text.data() + begin, kMostBytes);  // with some behind the stretch
    const auto first = [](std::size_t count) {
      return count >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * count)) - 1;
    };
    bytes[0] &= first(size);
    bytes[1] &= first(size > 8 ? size - 8 : 0);
  } else {
    std::memcpy(bytes.data(), text.data() + begin, size);
  }
  const std::uint64_t hash = mix64(bytes[0] ^ (bytes[1] + size) * 0x9E3779B97F4A7C15U);
  return {bytes[0], bytes[1], static_cast<std::uint32_t>(hash % kPlaces),
          static_cast<std::uint32_t>(size)};
}

void EncodeMemo::keep(const Key& key, std::span<const std::int32_t> ids) {
  if (ids.size() > kMostIds) return;
  Entry& entry = (*entries_)[key.place];
  entry.low = key.low;
  entry.high = key.high;
  entry.size_bytes = static_cast<std::uint8_t>(key.size_bytes);
  entry.id_count = static_cast<std::uint8_t>(ids.size());
  std::ranges::copy(ids, entry.ids.begin());
}

}  // namespace aludel::text
