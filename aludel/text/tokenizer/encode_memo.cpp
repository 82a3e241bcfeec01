#include "aludel/text/tokenizer/encode_memo.h"

#include <algorithm>
#include <cstring>

#include "aludel/base/hash.h"

namespace aludel::text {

EncodeMemo::EncodeMemo() : entries_(std::make_unique<std::array<Entry, kPlaces>>()) {}

EncodeMemo::Key EncodeMemo::key_of(std::string_view text, std::size_t begin, std::size_t size) {
  Key key;
  if (begin + kMostBytes > text.size()) {
    std::memcpy(&key, text.data() + begin, size);
    return key;
  }
  std::memcpy(&key, text.data() + begin, sizeof key);  // with bytes behind the stretch
  const auto first = [](std::size_t bytes) {
    return bytes >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * bytes)) - 1;
  };
  key.low &= first(size);
  key.high &= first(size > 8 ? size - 8 : 0);
  return key;
}

std::size_t EncodeMemo::place_of(const Key& key, std::size_t size) {
  return mix64(key.low ^ mix64(key.high + size)) % kPlaces;
}

std::span<const std::int32_t> EncodeMemo::find(const Key& key, std::size_t size) const {
  const Entry& entry = (*entries_)[place_of(key, size)];
  if (entry.key.low != key.low || entry.key.high != key.high || entry.size_bytes != size) return {};
  return std::span(entry.ids).first(entry.id_count);
}

void EncodeMemo::keep(const Key& key, std::size_t size, std::span<const std::int32_t> ids) {
  if (ids.size() > kMostIds) return;
  Entry& entry = (*entries_)[place_of(key, size)];
  entry.key = key;
  entry.size_bytes = static_cast<std::uint8_t>(size);
  entry.id_count = static_cast<std::uint8_t>(ids.size());
  std::ranges::copy(ids, entry.ids.begin());
}

}  // namespace aludel::text
