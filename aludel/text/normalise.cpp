#include "aludel/text/normalise.h"

#include <algorithm>
#include <array>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "aludel/base/check.h"

namespace aludel::text {
namespace {

std::string to_nfc(std::string text) {
  const bool ascii = std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
  if (ascii) return text;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  ALUDEL_CHECK(nfc != nullptr, "ICU has NFC");
  std::string out;
  out.reserve(text.size());
  icu::StringByteSink<std::string> sink(&out);
  nfc->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                     nullptr, error);
  return U_SUCCESS(error) ? out : text;
}

// U+0080..U+009F, in UTF-8 C2 80..C2 9F; U+0085 is a line end.
bool is_c1_control(std::string_view rest) {
  return rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0;
}

class LineWriter {
 public:
  explicit LineWriter(std::size_t size) { out_.reserve(size); }

  void put(char c) {
    if (newlines_ > 0 && !out_.empty()) out_.append(std::min<std::size_t>(newlines_, 2), '\n');
    newlines_ = 0;
    out_ += c;
    if (c != ' ' && c != '\t') kept_ = out_.size();
  }

  void end_line() {
    out_.resize(kept_);
    ++newlines_;
  }

  std::string finish() {
    out_.resize(kept_);
    return std::move(out_);
  }

 private:
  std::string out_;
  std::size_t kept_ = 0;  // up to the last character that is not white space
  std::size_t newlines_ = 0;
};

}  // namespace

std::string normalise_text(std::string_view text) {
  LineWriter lines(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = text.substr(i);
    if (byte == '\n' || (byte == '\r' && !rest.starts_with("\r\n"))) {
      lines.end_line();
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      lines.end_line();  // U+2028, U+2029
      i += 2;
    } else if (is_c1_control(rest)) {
      if (rest[1] == '\x85') lines.end_line();
      ++i;
    } else if (byte >= 0x20 && byte != 0x7F) {
      lines.put(text[i]);
    } else if (byte == '\t') {
      lines.put('\t');
    }
  }
  return to_nfc(lines.finish());  // last: a mark may meet its letter only now
}

}  // namespace aludel::text
