#include "aludel/base/utf8.h"

#include <algorithm>

#include <simdjson.h>

namespace aludel {
namespace {

constexpr CodePoint kInvalid = {kReplacementCharacter, 1};

std::uint8_t byte_at(std::string_view text, std::size_t position) {
  return static_cast<std::uint8_t>(text[position]);
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0U) == 0x80U;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

CodePoint decode_multibyte_utf8(std::string_view text, std::size_t position) {
  const std::uint8_t lead = byte_at(text, position);
  if (lead < 0xC2 || lead > 0xF4) return kInvalid;
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - position < size) return kInvalid;
  // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
  const std::uint8_t second = byte_at(text, position + 1);
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < low || second > high) return kInvalid;
  char32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const std::uint8_t next = byte_at(text, position + i);
    if (!is_continuation(next)) return kInvalid;
    value = (value << 6) | (next & 0x3FU);
  }
  return {value, size};
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    code_point = kReplacementCharacter;
  }
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
  } else {
    if (code_point < 0x10000) {
      put(0xE0 | (code_point >> 12));
    } else {
      put(0xF0 | (code_point >> 18));
      put(0x80 | ((code_point >> 12) & 0x3F));
    }
    put(0x80 | ((code_point >> 6) & 0x3F));
  }
  put(0x80 | (code_point & 0x3F));
}

std::string replace_invalid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint next = decode_utf8(text, i);
    append_utf8(out, next.value);
    i += next.size_bytes;
  }
  return out;
}

std::size_t count_code_points(std::string_view text) {
  if (is_valid_utf8(text)) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return !is_continuation(static_cast<std::uint8_t>(c)); }));
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    i += decode_utf8(text, i).size_bytes;
  }
  return count;
}

std::size_t utf8_boundary(std::string_view text, std::size_t position) {
  if (position >= text.size()) return text.size();
  while (position > 0 && is_continuation(byte_at(text, position)))
    --position;
  return position;
}

bool is_cjk(char32_t code_point) {
  return is_han(code_point) || (code_point >= 0x3000 && code_point <= 0x30FF) ||
         (code_point >= 0xAC00 && code_point <= 0xD7AF) ||
         (code_point >= 0xFF00 && code_point <= 0xFFEF);
}

bool is_han(char32_t code_point) {
  return (code_point >= 0x4E00 && code_point <= 0x9FFF) ||
         (code_point >= 0x3400 && code_point <= 0x4DBF) ||
         (code_point >= 0xF900 && code_point <= 0xFAFF) ||
         (code_point >= 0x20000 && code_point <= 0x323AF);
}

}  // namespace aludel
