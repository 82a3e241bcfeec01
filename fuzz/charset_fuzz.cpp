// Any bytes in any encoding; the first byte chooses a declared one.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/text/charset.h"
#include "aludel/text/language.h"
#include "aludel/text/normalise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace text = aludel::text;
  if (size == 0) return 0;
  static constexpr const char* kTypes[] = {
      "",
      "text/html; charset=utf-8",
      "text/html; charset=gbk",
      "text/html; charset=big5",
      "text/html; charset=shift_jis",
      "text/html; charset=euc-jp",
      "text/html; charset=euc-kr",
      "text/html; charset=iso-2022-jp",
      "text/html; charset=windows-1252",
      "text/html; charset=utf-16le",
      "text/html; charset=hz-gb-2312",
      "text/html; charset=iso-2022-kr",
      "text/html; charset=euc-tw",
  };
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const text::DecodedText decoded =
      text::decode_to_utf8(bytes, kTypes[data[0] % std::size(kTypes)]);
  ALUDEL_CHECK(aludel::is_valid_utf8(decoded.text), "decoded text is UTF-8");
  const std::string normal = text::normalise_text(decoded.text);
  ALUDEL_CHECK(text::normalise_text(normal) == normal, "normalising twice changes nothing");
  const text::LanguageGuess guess = text::guess_language(normal);
  ALUDEL_CHECK(guess.confidence >= 0 && guess.confidence <= 1, "confidence is a share");
  return 0;
}
