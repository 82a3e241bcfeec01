#pragma once

// Numbers of little-endian files, in bytes that need not be aligned.

#include <bit>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace aludel {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie");

/// REQUIRES: the number lies inside of the bytes.
template <class T>

requires std::is_trivially_copyable_v<T> T number_at(std::string_view bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <class T>
requires std::is_trivially_copyable_v<T>

void append_number(std::string& out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

}  // namespace aludel
