#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"

// The fields of a shuffle's records as bytes. Numbers are big-endian, so that sorting the bytes
// sorts the numbers.
namespace aludel::exec {

/// Builder of a record. Fields are appended, the first sort key first.
class RecordBuilder {
 public:
  RecordBuilder& clear() {
    bytes_.clear();
    return *this;
  }

  RecordBuilder& number(std::uint64_t value) { return put(value, sizeof value); }

  RecordBuilder& small(std::uint32_t value) { return put(value, sizeof value); }

  RecordBuilder& hash(const Hash128& value) { return number(value.high).number(value.low); }

  RecordBuilder& text(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }

  std::string_view bytes() const { return bytes_; }

 private:
  RecordBuilder& put(std::uint64_t value, std::size_t size_bytes) {
    for (std::size_t i = size_bytes; i-- > 0;) {
      bytes_.push_back(static_cast<char>(value >> (8 * i)));
    }
    return *this;
  }

  std::string bytes_;
};

/// Parser of a record's fields, in the order in which they were appended. REQUIRES: the record has
/// as many bytes left as a call reads.
class RecordParser {
 public:
  explicit RecordParser(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number() { return take(sizeof(std::uint64_t)); }

  std::uint32_t small() { return static_cast<std::uint32_t>(take(sizeof(std::uint32_t))); }

  Hash128 hash() {
    const std::uint64_t high = number();
    return {high, number()};
  }

  std::string_view rest() const { return bytes_; }

 private:
  std::uint64_t take(std::size_t size_bytes) {
    ALUDEL_CHECK(bytes_.size() >= size_bytes, "a record is shorter than what is read of it");
    std::uint64_t value = 0;
    for (const char byte : bytes_.substr(0, size_bytes)) {
      value = value << 8 | static_cast<unsigned char>(byte);
    }
    bytes_.remove_prefix(size_bytes);
    return value;
  }

  std::string_view bytes_;
};

/// Returns a key that is smaller for a larger value, so that the largest value sorts first.
/// REQUIRES: no NaN.
inline std::uint64_t falling_key(double value) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // -0 becomes 0
  return (bits & kSign) != 0 ? bits : ~(bits | kSign);
}

/// Maps a hash to a partition, 0 to partitions - 1. Well-mixed hashes spread evenly.
inline std::size_t partition_of(std::uint64_t hash, std::size_t partitions) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((Wide{hash} * partitions) >> 64);
}

}  // namespace aludel::exec
