#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace aludel {

/// 128 bits of XXH3.
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Hash128&) const = default;  // NOLINT(modernize-use-nullptr): not its 0

  /// 32 hexadecimal digits, high half first.
  std::string hex() const;
};

/// XXH3 of the bytes, 64 and 128 bits wide. Source: https://xxhash.com, XXH3.
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);
Hash128 hash128(std::string_view bytes);

/// Hash128 of bytes that arrive in pieces.
class Hasher128 {
 public:
  Hasher128();
  ~Hasher128();
  Hasher128(const Hasher128&) = delete;
  Hasher128& operator=(const Hasher128&) = delete;
  void update(std::string_view bytes);
  Hash128 digest() const;

 private:
  void* stream_;  // XXH3_state_t; its header stays in hash.cpp
};

/// A bijective mixer of 64 bits. Source: Steele et al. 2014, SplitMix64.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9U;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace aludel
