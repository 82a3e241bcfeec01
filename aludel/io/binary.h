#pragma once

#include <string_view>

#include "aludel/base/result.h"

// Bytes that no reader of text can take, told by the bytes themselves.
namespace aludel::io {

/// The compression that a file or body begins with and that this program does not read: "lz4",
/// "xz", "bzip2", "7z", "rar" and their like; "" for any other head, also for zip, since an EPUB is
/// one.
std::string_view unread_compression(std::string_view head);

/// The same by the end of a name: "lz4" for "pages.jsonl.lz4"; "" for any other name.
std::string_view unread_compression_of_path(std::string_view path);

/// What is said of a file that is compressed so: unsupported, with the remedy.
Error unread_compression_error(std::string_view path, std::string_view compression);

/// "utf-16le" or "utf-16be" where the zero bytes of letters up to U+00FF stand as they do in such
/// text; "" for any other bytes.
std::string_view utf16_by_zeros(std::string_view bytes);

/// What bytes hold that are no text: a compression, "zip", "pdf", "png", "jpeg" or "gif" by their
/// first bytes, or "binary" where more than one in fifty of the first 4 KB are control characters
/// that no text holds. "" for text, also with a few such characters, and also in UTF-16. Source:
/// https://mimesniff.spec.whatwg.org/ (binary data bytes, and the tables of patterns).
std::string_view binary_kind(std::string_view bytes);

}  // namespace aludel::io
