#include "aludel/text/normalise.h"

#include <algorithm>
#include <array>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include "aludel/base/ascii.h"
#include "aludel/base/check.h"

namespace aludel::text {
namespace {

std::string to_nfc(std::string text) {
  if (is_ascii(text)) return text;
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

// Returns the table of bytes that are kept wherever they stand. 0xC2 leads the C1 controls, 0xE2
// the line ends U+2028 and U+2029.
constexpr std::array<bool, 256> make_kept() {
  std::array<bool, 256> kept{};
  for (std::size_t byte = 0x20; byte < kept.size(); ++byte) {
    kept[byte] = byte != 0x7F && byte != 0xC2 && byte != 0xE2;
  }
  kept['\t'] = true;
  return kept;
}

constexpr std::array<bool, 256> kKept = make_kept();

// Returns the size of the kept bytes that the text begins with.
std::size_t kept_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && kKept[static_cast<unsigned char>(text[size])]) {
    ++size;
  }
  return size;
}

class LineWriter {
 public:
  explicit LineWriter(std::size_t size) { out_.reserve(size); }

  void put(std::string_view run) {
    if (newlines_ > 0 && !out_.empty()) out_.append(std::min<std::size_t>(newlines_, 2), '\n');
    newlines_ = 0;
    out_ += run;
    const std::size_t last = run.find_last_not_of(" \t");
    if (last != std::string_view::npos) kept_ = out_.size() - run.size() + last + 1;
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
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    std::size_t size = kept_size(rest);
    if (size > 0) {
      lines.put(rest.substr(0, size));
    } else if (rest[0] == '\n' || rest[0] == '\r') {
      lines.end_line();
      size = rest.starts_with("\r\n") ? 2 : 1;
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      lines.end_line();  // U+2028, U+2029
      size = 3;
    } else if (is_c1_control(rest)) {
      if (rest[1] == '\x85') lines.end_line();
      size = 2;
    } else {
      size = 1;
      const bool is_lead = rest[0] == '\xC2' || rest[0] == '\xE2';
      if (is_lead) lines.put(rest.substr(0, 1));
    }
    i += size;
  }
  return to_nfc(lines.finish());  // last: a mark may meet its letter only now
}

}  // namespace aludel::text
