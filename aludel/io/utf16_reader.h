#pragma once

#include <memory>

#include "aludel/io/file_system.h"

namespace aludel::io {

/// Which half of a code unit of UTF-16 comes first.
enum class Utf16Order : std::uint8_t { little_endian, big_endian };

/// The text of a stream of UTF-16 as UTF-8. Lone surrogates, and half a unit at the end, become
/// U+FFFD.
std::unique_ptr<ByteReader> decode_utf16(std::unique_ptr<ByteReader> bytes, Utf16Order order);

}  // namespace aludel::io
