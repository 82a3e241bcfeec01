#include "aludel/text/charset_evidence.h"

#include <algorithm>

#include "aludel/base/utf8.h"

namespace aludel::text {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// Bytes of the sequence that a lead byte begins; 1 for a byte that begins none.
std::size_t sequence_bytes(unsigned char lead) {
  if (lead < 0xC2 || lead > 0xF4) return 1;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// Bytes from `at` on that belong together: a lead and the continuations behind it, as many as it
/// asks for at most.
std::size_t broken_bytes(std::string_view bytes, std::size_t at) {
  const std::size_t wanted = sequence_bytes(byte_at(bytes, at));
  std::size_t size = 1;
  while (size < wanted && at + size < bytes.size() && is_continuation(byte_at(bytes, at + size))) {
    ++size;
  }
  return size;
}

}  // namespace

Utf8Evidence weigh_utf8(std::string_view bytes) {
  Utf8Evidence evidence;
  for (std::size_t i = 0; i < bytes.size();) {
    if (byte_at(bytes, i) < 0x80) {
      ++i;
      continue;
    }
    std::size_t size = decode_utf8(bytes, i).size_bytes;
    bool is_sound = size > 1;
    if (!is_sound) {
      size = broken_bytes(bytes, i);
      is_sound = i + size == bytes.size() && size < sequence_bytes(byte_at(bytes, i));
    }
    ++(is_sound ? evidence.sound : evidence.broken);
    i += size;
  }
  return evidence;
}

bool is_mostly_utf8(const Utf8Evidence& evidence) {
  return evidence.sound >= 4 && evidence.sound >= 9 * evidence.broken;
}

bool is_latin_misread(std::string_view bytes, const Utf8Evidence& evidence) {
  if (evidence.sound == 0 || evidence.sound < 3 * evidence.broken) return false;
  return std::ranges::all_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0xC0 || byte == 0xC2 || byte == 0xC3 || byte == 0xE2;
  });
}

bool looks_like_big5(std::string_view bytes) {
  constexpr std::size_t kFewestPairs = 16;
  std::size_t pairs = 0;
  std::size_t frequent = 0;
  std::size_t low_trails = 0;  // EUC encodings have none
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned char lead = byte_at(bytes, i);
    if (lead < 0x80) continue;
    if (++i == bytes.size()) break;  // cut
    const unsigned char trail = byte_at(bytes, i);
    const bool is_low = trail >= 0x40 && trail <= 0x7E;
    if (lead < 0x87 || lead == 0xFF || !(is_low || (trail >= 0xA1 && trail <= 0xFE))) return false;
    ++pairs;
    low_trails += is_low ? 1U : 0U;
    frequent += lead >= 0xA1 && lead <= 0xC6 ? 1U : 0U;
  }
  return pairs >= kFewestPairs && low_trails * 8 >= pairs && frequent * 3 >= pairs * 2;
}

}  // namespace aludel::text
