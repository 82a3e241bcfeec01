#include "aludel/curate/layers/correction/unicode_repair.h"

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

bool is_unwanted(char32_t c) {
  if (c < 0x20) return c != '\t' && c != '\n';
  if (c >= 0x7F && c <= 0x9F) return true;
  if (c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF) return true;
  return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

}  // namespace

RepairedText repair_unicode(std::string_view text) {
  RepairedText result;
  result.text.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, c.size_bytes);
    at += c.size_bytes;
    if (c.value == '\r') {
      if (!text.substr(at).starts_with('\n')) result.text += '\n';
      ++result.repairs;
    } else if (c.value == 0x85 || c.value == 0x2028 || c.value == 0x2029) {
      result.text += '\n';
      ++result.repairs;
    } else if (is_unwanted(c.value)) {
      ++result.repairs;
    } else {
      result.text += bytes;
    }
  }
  return result;
}

}  // namespace aludel::curate
