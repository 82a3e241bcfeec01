#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Bytes of any published encoding to UTF-8, with the evidence that chose the encoding.
namespace aludel::text {

/// What named the encoding, strongest first.
enum class CharsetSource : std::uint8_t {
  byte_order_mark,
  http_header,
  markup,    // <meta charset>, <meta http-equiv> or an XML declaration
  detected,  // from the bytes
  fallback   // nothing told: windows-1252
};

std::string_view name_of(CharsetSource source);

struct DecodedText {
  std::string text;  // valid UTF-8 without byte order mark
  std::string_view
      charset;  // WHATWG name, e.g. "gbk", "windows-1251"; lives as long as the program
  CharsetSource source = CharsetSource::fallback;
  std::size_t replaced = 0;  // byte sequences that became U+FFFD
  bool is_given = false;     // `text` is empty, because the bytes themselves are the text
};

/// What becomes of bytes that are UTF-8 as they are.
enum class Unchanged : std::uint8_t { copied, left };

/// The WHATWG name of an encoding label in any case, with white space around it; "" for an unknown
/// one. Source: https://encoding.spec.whatwg.org/#names-and-labels.
std::string_view charset_of_label(std::string_view label);

/// The charset parameter of a Content-Type value, as it is written there; "" without one.
std::string_view charset_parameter(std::string_view content_type);

/// Label of the first <meta> or XML declaration in the first 4 KB; "" without one.
std::string_view charset_in_markup(std::string_view html);

/// Decodes a page or text file. Order: byte order mark, `content_type` (an HTTP header, may be
/// empty), markup, detection. A declaration that the bytes refute (see below) gives way.
/// DEVIATION from WHATWG: bytes that are UTF-8 but for one sequence in ten (charset_evidence.h)
/// count as UTF-8 whatever was declared, and a declared multi-byte encoding that fails on more than
/// one in ten of its characters is detected anew: crawls hold many wrong declarations.
/// Concurrent calls: yes. Errors: none.
DecodedText decode_to_utf8(std::string_view bytes, std::string_view content_type = "",
                           Unchanged unchanged = Unchanged::copied);

/// Decodes bytes of a named encoding (a WHATWG name); invalid sequences become U+FFFD.
/// REQUIRES: `charset` came from charset_of_label() and is not empty.
DecodedText decode_charset(std::string_view bytes, std::string_view charset);

}  // namespace aludel::text
