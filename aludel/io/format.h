#pragma once

#include <span>
#include <string_view>

namespace aludel::io {

/// One file format this program reads: docs/formats/NAME.md describes it.
struct FormatSpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::string_view extensions;           // of files of documents: ".warc .wet"; see ending_of()
  bool (*sniff)(std::string_view head);  // decompressed head; null for a format without magic bytes
  bool has_rows = false;                 // open_rows() reads a file of it (rows.h)
};

/// Generated from aludel/io/formats/, sorted by name.
std::span<const FormatSpec* const> all_formats();

/// What the end of a file's name says.
struct NameEnding {
  std::string_view ending;      // ".htm"; empty for a name that tells nothing
  std::string_view format;      // of all_formats(), or "html" or "text"
  std::string_view media_type;  // of a file that is one page, else empty
};

/// The endings of files that are one page each.
std::span<const NameEnding> page_endings();

/// The one answer to what a file's name says, in capitals or not, with a codec's extension (".gz")
/// behind it or not: of the endings of pages and of the formats' extensions.
NameEnding ending_of(std::string_view path);

/// The format of a file by the first bytes of its decompressed content, else by its name;
/// nullptr when neither tells. An empty `head` or an empty `path` asks the other alone.
const FormatSpec* find_format(std::string_view path, std::string_view head);

}  // namespace aludel::io
