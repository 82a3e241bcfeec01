#include "aludel/curate/layers/correction/unicode_repair.h"

#include <array>

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

bool is_unwanted(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n';
  if (c >= 0x7F && c <= 0x9F) return true;
  if (c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF) return true;
  return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

/// Marks the bytes that an unwanted character or a line separator may begin with.
constexpr std::array<bool, 256> make_doubtful() {
  std::array<bool, 256> doubtful{};
  for (std::size_t byte = 0; byte < doubtful.size(); ++byte) {
    doubtful[byte] = byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte >= 0xEF;
  }
  doubtful['\t'] = false;
  doubtful['\n'] = false;
  return doubtful;
}

constexpr std::array<bool, 256> kDoubtful = make_doubtful();

/// Returns where the first such byte from `at` on stands.
std::size_t doubtful_from(std::string_view text, std::size_t at) {
  while (at < text.size() && !kDoubtful[static_cast<unsigned char>(text[at])]) {
    ++at;
  }
  return at;
}

}  // namespace

RepairedText repair_unicode(std::string_view text) {
  RepairedText result;
  result.text.reserve(text.size());
  std::size_t copied = 0;
  // OPTIMIZATION: what begins with another byte stays, and is copied with what stands around it.
  for (std::size_t at = doubtful_from(text, 0); at < text.size(); at = doubtful_from(text, at)) {
    const CodePoint c = decode_utf8(text, at);
    const std::size_t begin = at;
    at += c.size_bytes;
    std::string_view instead;
    if (c.value == '\r') {
      if (!text.substr(at).starts_with('\n')) instead = "\n";
    } else if (c.value == 0x85 || c.value == 0x2028 || c.value == 0x2029) {
      instead = "\n";
    } else if (!is_unwanted(c.value)) {
      continue;
    }
    result.text += text.substr(copied, begin - copied);
    result.text += instead;
    copied = at;
    ++result.repairs;
  }
  result.text += text.substr(copied);
  return result;
}

}  // namespace aludel::curate
