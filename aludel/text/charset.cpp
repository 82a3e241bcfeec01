#include "aludel/text/charset.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <utility>

#include <uchardet/uchardet.h>

#include "aludel/base/ascii.h"
#include "aludel/base/byte_order_mark.h"
#include "aludel/base/utf8.h"
#include "aludel/io/binary.h"
#include "aludel/text/charset_evidence.h"

namespace aludel::text {
namespace {

constexpr std::size_t kMarkupPrefixBytes = 4096;
constexpr std::size_t kDetectionBytes = 65536;

std::size_t find_without_case(std::string_view text, std::string_view lower, std::size_t from) {
  const auto at = std::search(
      text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())), text.end(),
      lower.begin(), lower.end(), [](char a, char b) { return lower_ascii(a) == b; });
  return at == text.end() ? std::string_view::npos : static_cast<std::size_t>(at - text.begin());
}

// The value of `name=` in a tag or header: quoted or up to a delimiter.
std::string_view value_after(std::string_view text, std::string_view name) {
  for (std::size_t at = find_without_case(text, name, 0); at != std::string_view::npos;
       at = find_without_case(text, name, at + 1)) {
    std::size_t begin = text.find_first_not_of(" \t\r\n", at + name.size());
    if (begin == std::string_view::npos || text[begin] != '=') continue;
    begin = text.find_first_not_of(" \t\r\n\"'", begin + 1);
    if (begin == std::string_view::npos) return "";
    const std::size_t end = std::min(text.find_first_of(" \t\r\n\"';,>/?", begin), text.size());
    return text.substr(begin, end - begin);
  }
  return "";
}

struct ByteOrderMark {
  std::string_view charset;
  std::size_t size = 0;
};

ByteOrderMark byte_order_mark(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) return {"utf-8", kByteOrderMark.size()};
  if (bytes.starts_with("\xFE\xFF")) return {"utf-16be", 2};
  if (bytes.starts_with("\xFF\xFE")) return {"utf-16le", 2};
  return {};
}

// Sequences outside ASCII, counted up to `limit`.
std::size_t count_lead_bytes(std::string_view utf8, std::size_t limit) {
  std::size_t count = 0;
  for (const char c : utf8) {
    if ((c & 0xC0) == 0xC0 && ++count == limit) break;
  }
  return count;
}

// What stands between tags, up to kDetectionBytes: markup is ASCII and only dilutes the evidence.
std::string text_sample(std::string_view bytes) {
  std::string sample;
  for (std::size_t at = 0; at < bytes.size() && sample.size() < kDetectionBytes;) {
    const std::size_t open = std::min(bytes.find('<', at), bytes.size());
    sample.append(bytes.substr(at, open - at));
    const std::size_t close = bytes.find('>', open);
    if (open == bytes.size() || close == std::string_view::npos) break;
    at = close + 1;
  }
  const bool enough = sample.size() >= 64 && !is_ascii(sample);
  if (!enough) sample = bytes;
  if (sample.size() > kDetectionBytes) sample.resize(kDetectionBytes);
  return sample;
}

// Encodings that take any byte for a letter of western Europe.
bool is_western(std::string_view charset) {
  return charset == "windows-1252" || charset == "iso-8859-15" || charset == "macintosh";
}

std::string_view detect_charset(std::string_view bytes) {
  const std::string sample = text_sample(bytes);
  const std::unique_ptr<uchardet, decltype(&uchardet_delete)> detector(uchardet_new(),
                                                                       uchardet_delete);
  if (uchardet_handle_data(detector.get(), sample.data(), sample.size()) != 0) return "";
  uchardet_data_end(detector.get());
  const std::string_view found = charset_of_label(uchardet_get_charset(detector.get()));
  // Real UTF-16 and UTF-32 have a mark at their beginning or zeros, and were told by them.
  if (found.starts_with("utf-16") || found.starts_with("utf-32")) return "";
  if ((found.empty() || is_western(found)) && looks_like_big5(sample)) return "big5";
  // Small letters have the same bytes in both, and no server sends the other one.
  return found == "x-mac-cyrillic" ? "windows-1251" : found;
}

// A western encoding where most letters lie outside ASCII is a server's default, not the truth. A
// letter behind a byte outside ASCII may be the second half of a Big5 or Shift_JIS character.
bool refutes_western(std::string_view bytes) {
  std::size_t letters = 0;
  std::size_t high = 0;
  bool behind_high = false;
  for (const char c : text_sample(bytes)) {
    const bool is_high = (c & 0x80) != 0;
    const bool is_letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
    high += is_high ? 1U : 0U;
    letters += is_letter && !behind_high ? 1U : 0U;
    behind_high = is_high;
  }
  return high > 64 && high > letters + letters / 2;
}

// More than one in ten of the characters outside ASCII could not be decoded.
bool is_refuted(const DecodedText& decoded) {
  if (decoded.replaced == 0) return false;
  return decoded.replaced * 10 > count_lead_bytes(decoded.text, decoded.replaced * 10 + 1);
}

// The escapes to JIS X 0208 in bytes of seven bits (RFC 1468): nothing else writes them.
bool is_iso_2022_jp(std::string_view bytes) {
  for (const std::string_view escape : {"\x1B$B", "\x1B$@"}) {
    if (bytes.find(escape) != std::string_view::npos) return true;
  }
  return false;
}

struct Declaration {
  std::string_view charset;
  CharsetSource source = CharsetSource::fallback;
};

Declaration declared_charset(std::string_view bytes, std::string_view content_type) {
  const std::string_view http = charset_of_label(charset_parameter(content_type));
  if (!http.empty()) return {http, CharsetSource::http_header};
  const std::string_view markup = charset_of_label(charset_in_markup(bytes));
  // A page whose ASCII <meta> could be read is not UTF-16 (WHATWG, prescan, step "UTF-16BE/LE").
  if (markup.starts_with("utf-16")) return {"utf-8", CharsetSource::markup};
  if (!markup.empty()) return {markup, CharsetSource::markup};
  return {};
}

// Encodings of East Asia, in which "é" of UTF-8 is one character, as likely as any other.
bool is_multi_byte(std::string_view charset) {
  return charset.starts_with("gb") || charset.starts_with("big5") || charset.starts_with("euc-") ||
         charset == "shift_jis" || charset.starts_with("iso-2022") || charset == "hz-gb-2312";
}

// The encoding of which the bytes leave no doubt, whatever was declared; "" where they do.
// `is_valid`: they are valid UTF-8.
std::string_view charset_by_bytes(std::string_view bytes, bool is_valid,
                                  std::string_view declared) {
  if (const std::string_view utf16 = io::utf16_by_zeros(bytes); !utf16.empty()) return utf16;
  if (is_ascii(bytes)) {
    const bool seven_bit = declared.starts_with("iso-2022") || declared == "hz-gb-2312";
    if (seven_bit) return "";
    return is_iso_2022_jp(bytes) ? "iso-2022-jp" : "utf-8";
  }
  if (is_valid && declared == "utf-8") return declared;
  const Utf8Evidence evidence =
      is_valid ? Utf8Evidence{count_lead_bytes(bytes, 4), 0} : weigh_utf8(bytes);
  // UTF-16 has zero bytes wherever it has markup; a true declaration holds for a damaged page, too.
  const bool is_no_utf16 = declared.starts_with("utf-16") && evidence.broken == 0;
  const bool is_declared = declared == "utf-8" && evidence.sound > evidence.broken;
  const bool is_utf8 = is_mostly_utf8(evidence) || is_no_utf16 || is_declared ||
                       (!is_multi_byte(declared) && is_latin_misread(bytes, evidence));
  return is_utf8 ? "utf-8" : "";
}

DecodedText decode_detected(std::string_view bytes) {
  const std::string_view found = detect_charset(bytes);
  DecodedText decoded = decode_charset(bytes, found.empty() ? "windows-1252" : found);
  decoded.source = found.empty() ? CharsetSource::fallback : CharsetSource::detected;
  return decoded;
}

}  // namespace

std::string_view name_of(CharsetSource source) {
  switch (source) {
    case CharsetSource::byte_order_mark:
      return "byte_order_mark";
    case CharsetSource::http_header:
      return "http_header";
    case CharsetSource::markup:
      return "markup";
    case CharsetSource::detected:
      return "detected";
    case CharsetSource::fallback:
      break;
  }
  return "fallback";
}

std::string_view charset_parameter(std::string_view content_type) {
  return value_after(content_type, "charset");
}

std::string_view charset_in_markup(std::string_view html) {
  html = html.substr(0, kMarkupPrefixBytes);
  if (html.starts_with("<?xml")) {
    const std::string_view declaration = html.substr(0, html.find('>'));
    const std::string_view label = value_after(declaration, "encoding");
    if (!label.empty()) return label;
  }
  for (std::size_t at = find_without_case(html, "<meta", 0); at != std::string_view::npos;
       at = find_without_case(html, "<meta", at + 5)) {
    const std::string_view tag = html.substr(at, html.find('>', at) - at);
    const std::string_view label = value_after(tag, "charset");
    if (!label.empty()) return label;
  }
  return "";
}

DecodedText decode_to_utf8(std::string_view bytes, std::string_view content_type,
                           Unchanged unchanged) {
  const ByteOrderMark mark = byte_order_mark(bytes);
  if (mark.size > 0) {
    DecodedText decoded = decode_charset(bytes.substr(mark.size), mark.charset);
    decoded.source = CharsetSource::byte_order_mark;
    return decoded;
  }
  const Declaration declared = declared_charset(bytes, content_type);
  const bool is_valid = is_valid_utf8(bytes);
  const std::string_view found = charset_by_bytes(bytes, is_valid, declared.charset);
  if (!found.empty()) {
    DecodedText decoded;
    if (is_valid && found == "utf-8") {
      decoded.charset = found;
      decoded.is_given = unchanged == Unchanged::left;
      if (!decoded.is_given) decoded.text = bytes;
    } else {
      decoded = decode_charset(bytes, found);
    }
    const bool agrees = declared.charset == found;
    decoded.source = agrees ? declared.source : CharsetSource::detected;
    return decoded;
  }
  if (declared.charset.empty()) return decode_detected(bytes);
  DecodedText decoded = decode_charset(bytes, declared.charset);
  decoded.source = declared.source;
  const bool doubtful =
      is_refuted(decoded) || (declared.charset == "windows-1252" && refutes_western(bytes));
  if (!doubtful) return decoded;
  DecodedText other = decode_detected(bytes);
  const bool better = other.source == CharsetSource::detected && !is_refuted(other);
  return better ? std::move(other) : std::move(decoded);
}

}  // namespace aludel::text
