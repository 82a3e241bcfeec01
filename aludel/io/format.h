#pragma once

#include <span>
#include <string_view>

namespace aludel::io {

/// One file format this program reads: docs/formats/NAME.md describes it.
struct FormatSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::string_view extensions;           // separated by spaces, without the codec's: ".warc"
  bool (*sniff)(std::string_view head);  // decompressed head; null for a format without magic bytes
};

/// Generated from aludel/io/formats/, sorted by name.
std::span<const FormatSpec* const> all_formats();

/// The format of a file by the first bytes of its decompressed content, else by its path's
/// extension (a codec's extension is taken off first); nullptr when neither tells.
const FormatSpec* find_format(std::string_view path, std::string_view head);

}  // namespace aludel::io
