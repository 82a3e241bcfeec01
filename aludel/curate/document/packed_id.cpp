#include "aludel/curate/document/packed_id.h"

#include <charconv>

namespace aludel::curate {

Hash128 packed_id(std::string_view id) {
  constexpr std::size_t kHalf = 16;
  Hash128 packed;
  const auto read = [](std::string_view digits, std::uint64_t& value) {
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return end.ec == std::errc() && end.ptr == digits.data() + digits.size();
  };
  const bool is_hex = id.size() == 2 * kHalf && read(id.substr(0, kHalf), packed.high) &&
                      read(id.substr(kHalf), packed.low);
  return is_hex && packed.hex() == id ? packed : hash128(id);
}

}  // namespace aludel::curate
