#include "aludel/curate/layers/correction/gbk.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <string>

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include "aludel/base/ascii.h"
#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kLeastCharacters = 4;
constexpr std::size_t kLeastLatinBytes = 8;
/// A shorter run is left alone: it spells fewer than kLeastCharacters of three bytes each.
constexpr std::size_t kLeastRunBytes = 3 * kLeastCharacters;

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

using Converter = std::unique_ptr<UConverter, ConverterCloser>;

/// Opens a GBK converter that stops at characters it cannot convert; null if ICU lacks it.
Converter open_gbk() {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open("GBK", &status));
  if (U_FAILURE(status) != 0) return nullptr;
  ucnv_setFromUCallBack(converter.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  return converter;
}

/// Characters of the first plane; empty if ICU lacks GBK.
using CharacterSet = std::bitset<0x10000>;

/// Returns the characters whose two GBK bytes begin a character of three bytes in UTF-8.
CharacterSet begins_of_misread() {
  std::string bytes;
  for (unsigned lead = 0xE0; lead <= 0xEF; ++lead) {
    for (unsigned second = 0x80; second <= 0xBF; ++second) {
      const std::string begin = {static_cast<char>(lead), static_cast<char>(second)};
      if (decode_utf8(begin + "\x80", 0).size_bytes == 3) bytes += begin;
    }
  }
  CharacterSet begins;
  const Converter gbk = open_gbk();
  if (gbk == nullptr) return begins;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::array<UChar, 2> wide{};
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t size =
        ucnv_toUChars(gbk.get(), wide.data(), wide.size(), &bytes[i], 2, &status);
    if (U_SUCCESS(status) != 0 && size == 1) begins.set(wide[0]);
  }
  return begins;
}

/// False if the run is no UTF-8 that was misread as GBK. OPTIMIZATION: its first character tells so
/// in nearly all sound text.
bool may_be_utf8_as_gbk(std::string_view run) {
  static const CharacterSet begins = begins_of_misread();
  const char32_t first = decode_utf8(run, 0).value;
  return first < begins.size() && begins.test(first);
}

/// Returns the GBK bytes of a UTF-8 text; "" if a character has none.
std::string gbk_bytes(UConverter* gbk, std::string_view text) {
  const auto wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::string bytes(text.size() + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t size =
      ucnv_fromUChars(gbk, bytes.data(), static_cast<std::int32_t>(bytes.size()), wide.getBuffer(),
                      wide.length(), &status);
  if (U_FAILURE(status) != 0) return {};
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

/// Returns the text that GBK bytes spell; "" if they spell none.
std::string text_of_gbk(UConverter* gbk, const std::string& bytes) {
  icu::UnicodeString wide;
  UErrorCode status = U_ZERO_ERROR;
  const auto capacity = static_cast<std::int32_t>(bytes.size() + 1);
  const std::int32_t size = ucnv_toUChars(gbk, wide.getBuffer(capacity), capacity, bytes.data(),
                                          static_cast<std::int32_t>(bytes.size()), &status);
  wide.releaseBuffer(U_FAILURE(status) != 0 ? 0 : size);
  std::string text;
  wide.toUTF8String(text);
  return text;
}

bool is_mostly_cjk(std::string_view text) {
  std::size_t all = 0;
  std::size_t cjk = 0;
  for (std::size_t at = 0; at < text.size(); ++all) {
    const CodePoint c = decode_utf8(text, at);
    if (is_cjk(c.value)) ++cjk;
    at += c.size_bytes;
  }
  return cjk >= kLeastCharacters && cjk * 10 >= all * 8;
}

/// Returns the UTF-8 text that, misread as GBK, gives this run of characters; "" if there is none.
std::string undo_utf8_as_gbk(UConverter* gbk, std::string_view run) {
  // OPTIMIZATION: sound Chinese text fails on its first characters, so they are tried first.
  const std::string_view head =
      run.substr(0, utf8_boundary(run, std::min<std::size_t>(run.size(), 18)));
  const std::string head_bytes = gbk_bytes(gbk, head);
  if (head_bytes.size() < 3 || decode_utf8(head_bytes, 0).size_bytes != 3) return {};
  std::string bytes = gbk_bytes(gbk, run);
  if (bytes.size() < 3 * kLeastCharacters || !is_valid_utf8(bytes) || !is_mostly_cjk(bytes))
    return {};
  return bytes;
}

// True for level 1 of GB 2312, the 3,755 common characters, and for its rows of punctuation.
bool is_common_pair(unsigned char lead, unsigned char trail) {
  return trail >= 0xA1 && ((lead >= 0xB0 && lead <= 0xD7) || lead == 0xA1 || lead == 0xA3);
}

/// Returns the GBK text that, misread as latin-1, gives this run of letters; "" if there is none.
std::string undo_gbk_as_latin(UConverter* gbk, std::string_view run) {
  std::string bytes;
  for (std::size_t at = 0; at < run.size();) {
    const CodePoint c = decode_utf8(run, at);
    if (c.value > 0xFF) return {};
    bytes += static_cast<char>(c.value);
    at += c.size_bytes;
  }
  if (bytes.size() < kLeastLatinBytes || bytes.size() % 2 != 0) return {};
  std::size_t common = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    if (is_common_pair(static_cast<unsigned char>(bytes[i]),
                       static_cast<unsigned char>(bytes[i + 1])))
      ++common;
  }
  if (common * 20 < bytes.size() * 9) return {};  // nine pairs in ten
  std::string text = text_of_gbk(gbk, bytes);
  return is_mostly_cjk(text) ? text : std::string();
}

}  // namespace

RepairedText repair_gbk(std::string_view text) {
  RepairedText result;
  Converter gbk;
  std::size_t copied = 0;
  for (std::size_t at = ascii_size(text); at < text.size(); at += ascii_size(text.substr(at))) {
    const std::size_t begin = at;
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
      ++at;
    }
    const std::string_view run = text.substr(begin, at - begin);
    if (run.size() < kLeastRunBytes) continue;
    const bool is_latin = static_cast<unsigned char>(run[0]) <= 0xC3;
    if (!is_latin && !may_be_utf8_as_gbk(run)) continue;
    if (gbk == nullptr) gbk = open_gbk();
    if (gbk == nullptr) break;
    const std::string original =
        is_latin ? undo_gbk_as_latin(gbk.get(), run) : undo_utf8_as_gbk(gbk.get(), run);
    if (original.empty()) continue;
    result.text += text.substr(copied, begin - copied);
    result.text += original;
    copied = at;
    ++result.repairs;
  }
  result.text += text.substr(copied);
  return result;
}

}  // namespace aludel::curate
