#include "aludel/curate/layers/correction/code_page.h"

#include <algorithm>
#include <array>
#include <memory>

#include <unicode/ucnv.h>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

/// True if a letter that windows-1252 reads for a lead byte, U+00C2 to U+00F4, stands before a
/// character that it reads for another byte of UTF-8, or "Ã" before the blank that it may be.
bool may_have_misread_western(std::string_view text) {
  // What such characters begin with: U+0080 to U+00BF, and those of bytes 80 to 9F.
  constexpr std::string_view kBegins = "\xC2\xC5\xC6\xCB\xE2";
  if (text.size() < 3) return false;
  for (auto at = text.find('\xC3'); at < text.size() - 2; at = text.find('\xC3', at + 2)) {
    const char next = text[at + 2];
    if (kBegins.find(next) != std::string_view::npos) return true;
    const bool is_inside_word = at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z';
    if (next == ' ' && text[at + 1] == '\x83' && is_inside_word) return true;
  }
  return false;
}

}  // namespace

CodePage::CodePage(const char* name) : is_western_(std::string_view(name) == "windows-1252") {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(name, &status),
                                                                     ucnv_close);
  ALUDEL_CHECK(U_SUCCESS(status), "ICU has the code pages of Windows");
  for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
    const char source = static_cast<char>(byte);
    std::array<UChar, 4> wide{};
    status = U_ZERO_ERROR;
    const std::int32_t size =
        ucnv_toUChars(converter.get(), wide.data(), wide.size(), &source, 1, &status);
    const bool is_read = U_SUCCESS(status) && size == 1 && wide[0] != 0xFFFD;
    const auto place = static_cast<std::uint8_t>(byte);
    if (is_read) rows_.push_back({wide[0], place});
    // Programs read a byte that the page does not have as the control of that number (latin-1).
    if (!is_read || (is_western_ && wide[0] != byte)) rows_.push_back({byte, place});
  }
  std::ranges::stable_sort(rows_, {}, &Row::character);
  const auto same = [](const Row& a, const Row& b) { return a.character == b.character; };
  rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  for (const Row& row : rows_) {
    const bool is_lead =
        (row.byte >= 0xC3 && row.byte <= 0xC5) || row.byte == 0xD0 || row.byte == 0xD1;
    if (is_lead) append_utf8(leads_.emplace_back(), row.character);
  }
}

bool CodePage::may_have_misread(std::string_view text) const {
  if (is_western_) return may_have_misread_western(text);
  return std::ranges::any_of(
      leads_, [&](const std::string& lead) { return text.find(lead) != std::string_view::npos; });
}

std::span<const CodePage> CodePage::all() {
  static const std::vector<CodePage> pages = {CodePage("windows-1251"), CodePage("windows-1250"),
                                              CodePage("windows-1252")};
  return pages;
}

int CodePage::byte_of(char32_t c) const {
  if (c < 0x80 || c > rows_.back().character) return kNoByte;
  const auto row = std::ranges::lower_bound(rows_, c, {}, &Row::character);
  return row == rows_.end() || row->character != c ? kNoByte : row->byte;
}

}  // namespace aludel::curate
