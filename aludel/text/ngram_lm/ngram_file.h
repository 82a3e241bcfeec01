#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/hash.h"

// What reader and writer of n-gram model files share; see docs/formats/ngram_lm.md.
namespace aludel::text {

inline constexpr int kMaxNgramOrder = 6;

/// How a text becomes the units that a model counts. Values as in the file.
enum class NgramUnits : std::uint32_t {
  ids = 0,    // numbers of a vocabulary, such as token ids
  words = 1,  // words of spaced scripts, code points of others, symbols (text_units.h)
  tokens = 2  // what white space separates, as in ARPA files
};

/// How probabilities and backoffs of n-grams of two and more units are kept.
enum class NgramPrecision : std::uint32_t {
  exact = 0,  // 16 bytes an n-gram: float32
  packed = 1  // 8 bytes an n-gram: 14 bits each, on a grid over what the order has
};

/// A unit is known by the hash of its spelling, or of its id. 0 stands for none.
inline constexpr std::uint64_t kNoUnit = 0;

constexpr std::uint64_t unit_of_id(std::uint32_t id) {
  return mix64(id + 0x9E3779B97F4A7C15U);
}

/// The key of an n-gram with one more unit to the left; that of one unit is the unit.
constexpr std::uint64_t extend_left(std::uint64_t key, std::uint64_t unit) {
  return mix64(key * 0x9E3779B97F4A7C15U + unit);
}

/// A place in a table; key 0: empty. The log10 of the last unit's probability after the others, and
/// of what the n-gram leaves to shorter contexts.
struct ExactEntry {
  std::uint64_t key;
  float probability;
  float backoff;
};

/// The same in 64 bits, from the highest: 36 of the key, 14 of the probability, 14 of the backoff;
/// 0: empty.
struct PackedEntry {
  std::uint64_t bits;
};

inline constexpr int kPackedValueBits = 14;
inline constexpr std::uint64_t kPackedValueMask = (std::uint64_t{1} << kPackedValueBits) - 1;

/// The part of a key that a packed entry holds: other bits than those that choose its place.
constexpr std::uint64_t fingerprint_of(std::uint64_t key) {
  const std::uint64_t low = key & ((std::uint64_t{1} << (64 - 2 * kPackedValueBits)) - 1);
  return low == 0 ? 1 : low;
}

constexpr std::uint64_t stored_key(std::uint64_t key) {
  return key == 0 ? 1 : key;
}

/// Values low, low + step, …, of which a packed entry holds the number.
struct ValueGrid {
  float low = 0;
  float step = 0;

  float value(std::uint64_t number) const { return low + static_cast<float>(number) * step; }
};

/// One order's table. Entries stand at or behind the place that their key chooses among the first
/// `places` ones, with no empty one in between; the last slot of all is empty.
struct NgramTableInfo {
  std::uint64_t ngrams = 0;
  std::uint64_t places = 0;
  std::uint64_t slots = 0;
  ValueGrid probability;
  ValueGrid backoff;
};

constexpr std::uint64_t place_of_key(std::uint64_t key, std::uint64_t places) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{key} * places) >> 64);
}

/// The end of a file, before the digest of all that stands before it.
struct NgramFooter {
  std::uint32_t version = 0;
  std::uint32_t order = 0;
  std::uint32_t units = 0;
  std::uint32_t precision = 0;
  std::uint64_t begin = kNoUnit;  // stands before every sequence, is never predicted
  std::uint64_t end = kNoUnit;    // ends a sequence of words or tokens
  std::uint64_t unknown = kNoUnit;
  std::array<NgramTableInfo, kMaxNgramOrder> tables;
};

static_assert(sizeof(NgramTableInfo) == 40 && sizeof(NgramFooter) == 40 + 6 * 40);

inline constexpr std::string_view kNgramFileMagic = "ALUDELLM";
inline constexpr std::uint32_t kNgramFileVersion = 2;
inline constexpr std::size_t kNgramHeaderBytes = 64;  // the magic, then zeros
inline constexpr std::size_t kNgramDigestBytes = 16;

}  // namespace aludel::text
