#include <array>
#include <memory>

#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/ustring.h>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/text/charset.h"

namespace aludel::text {
namespace {

struct ConverterName {
  std::string_view charset;
  const char* icu;
};

// Where the WHATWG decoder is a superset of what ICU opens under the same name.
constexpr ConverterName kConverterNames[] = {
    {"gbk", "gb18030"},
    {"big5", "ibm-1375_P100-2008"},
    {"euc-kr", "windows-949-2000"},
    {"euc-jp", "euc-jp-2007"},
    {"shift_jis", "ibm-943_P15A-2003"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"hz-gb-2312", "HZ"},
    {"windows-1252", "ibm-5348_P100-1997"},
};

std::string icu_name(std::string_view charset) {
  for (const ConverterName& row : kConverterNames) {
    if (row.charset == charset) return row.icu;
  }
  return std::string(charset);
}

// ICU's callback for a sequence that the encoding does not know.
void replace_and_count(const void* context, UConverterToUnicodeArgs* args, const char* /*units*/,
                       std::int32_t /*size*/, UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;
  *error = U_ZERO_ERROR;
  const UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(args, &replacement, 1, 0, error);
  ++*const_cast<std::size_t*>(static_cast<const std::size_t*>(context));
}

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

void append_utf16(std::string& out, std::u16string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t value = text[i];
    if (value >= 0xD800 && value < 0xDC00 && i + 1 < text.size()) {
      value = 0x10000 + ((value - 0xD800) << 10) + (static_cast<char32_t>(text[++i]) - 0xDC00);
    }
    append_utf8(out, value);
  }
}

DecodedText decode_utf8_text(std::string_view bytes) {
  DecodedText decoded{.text = {}, .charset = "utf-8"};
  if (is_valid_utf8(bytes)) {
    decoded.text = bytes;
    return decoded;
  }
  decoded.text.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const CodePoint next = decode_utf8(bytes, i);
    decoded.replaced += next.value == kReplacementCharacter && next.size_bytes == 1 ? 1 : 0;
    append_utf8(decoded.text, next.value);
    i += next.size_bytes;
  }
  return decoded;
}

}  // namespace

DecodedText decode_charset(std::string_view bytes, std::string_view charset) {
  if (charset == "utf-8") return decode_utf8_text(bytes);
  DecodedText decoded{.text = {}, .charset = charset};
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> converter(
      ucnv_open(icu_name(charset).c_str(), &error));
  ALUDEL_CHECK(converter != nullptr, "ICU has every charset of the label table");
  ucnv_setToUCallBack(converter.get(), replace_and_count, &decoded.replaced, nullptr, nullptr,
                      &error);
  decoded.text.reserve(bytes.size() + bytes.size() / 2);
  std::array<UChar, 4096> units;
  const char* from = bytes.data();
  const char* end = from + bytes.size();
  std::u16string carried;  // a high surrogate at the end of a chunk
  do {
    error = U_ZERO_ERROR;
    UChar* to = units.data();
    ucnv_toUnicode(converter.get(), &to, units.data() + units.size(), &from, end, nullptr, 1,
                   &error);
    carried.append(units.data(), to);
    std::u16string_view whole = carried;
    const bool cut = !whole.empty() && (whole.back() & 0xFC00) == 0xD800;
    if (cut) whole.remove_suffix(1);
    append_utf16(decoded.text, whole);
    carried.erase(0, whole.size());
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  append_utf16(decoded.text, carried);
  return decoded;
}

}  // namespace aludel::text
