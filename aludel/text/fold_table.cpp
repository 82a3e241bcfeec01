#include "aludel/text/fold_table.h"

#include <algorithm>
#include <utility>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/text/fold_han.h"

namespace aludel::text {
namespace {

constexpr char32_t kFirstPlaneEnd = 0x10000;

// Mathematical letters and digits, enclosed letters, and the ideographs of compatibility.
constexpr std::pair<char32_t, char32_t> kRest[] = {{0x1D400, 0x1D7FF},
                                                   {0x1F100, 0x1F1AD},
                                                   {0x1FBF0, 0x1FBF9},
                                                   {0x2F800, 0x2FA1D},
                                                   {0xE0000, 0xE0FFF}};

// Signs within numbers and addresses; other full-width signs stay, as they are punctuation around.
constexpr std::string_view kValueSigns = "@.-+()/_";

std::string nfkc(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCInstance(error);
  ALUDEL_CHECK(U_SUCCESS(error), "ICU has NFKC");
  const auto wide = normalizer->normalize(icu::UnicodeString(static_cast<UChar32>(c)), error);
  std::string form;
  wide.toUTF8String(form);
  return form;
}

bool is_dash(char32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0xFF0D;
}

bool is_ascii_letters(std::string_view form) {
  return !form.empty() && std::ranges::all_of(form, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// What a number or an address is written with.
bool is_part_of_value(UChar32 c, std::string_view form) {
  if (form.size() == 1 && kValueSigns.find(form[0]) != std::string_view::npos) return true;
  // Neither "nº" nor a Roman numeral is a word of letters.
  const bool is_number = (U_GET_GC_MASK(c) & (U_GC_NO_MASK | U_GC_NL_MASK)) != 0;
  return c >= 0x2000 && !is_number && is_ascii_letters(form);
}

/// The form of a character outside ASCII; nothing where it stays.
std::optional<std::string> form_of(char32_t c, FoldFor purpose) {
  const auto icu = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(icu, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return "";
  if (is_dash(c)) return "-";
  if (u_charType(icu) == U_SPACE_SEPARATOR) return " ";
  const std::int32_t digit = u_charDigitValue(icu);
  if (digit >= 0) return std::string(1, static_cast<char>('0' + digit));
  if (u_getIntPropertyValue(icu, UCHAR_NFKC_QUICK_CHECK) == UNORM_YES) return std::nullopt;
  std::string form = nfkc(c);
  if (purpose == FoldFor::values) {
    return is_part_of_value(icu, form) ? std::optional(std::move(form)) : std::nullopt;
  }
  const bool is_spacing_mark = form.size() > 1 && form[0] == ' ';  // "´" is a mark upon a blank
  std::string same;
  append_utf8(same, c);
  if (is_spacing_mark || form == same) return std::nullopt;
  return form;
}

}  // namespace

const FoldTable& FoldTable::of(FoldFor purpose) {
  const auto make = [](FoldFor wanted) {
    FoldTable table;
    table.places_.assign(kFirstPlaneEnd, 0);
    const auto take = [&](char32_t first, char32_t last) {
      for (char32_t c = first; c <= last; ++c) {
        if (auto form = form_of(c, wanted)) table.set(c, std::move(*form));
      }
    };
    take(0x80, 0xD7FF);
    take(0xE000, kFirstPlaneEnd - 1);
    for (const auto& [first, last] : kRest) {
      take(first, last);
    }
    if (wanted != FoldFor::values) table.add_han();
    return table;
  };
  if (purpose == FoldFor::values) {
    static const FoldTable values = make(FoldFor::values);
    return values;
  }
  static const FoldTable phrases = make(FoldFor::phrases);
  return phrases;
}

void FoldTable::set(char32_t c, std::string form) {
  forms_.push_back(std::move(form));
  const auto place = static_cast<std::uint16_t>(forms_.size());
  if (c < places_.size()) {
    places_[c] = place;
  } else {
    rest_.push_back(c);
    rest_places_.push_back(place);
  }
}

std::uint16_t FoldTable::place_of_rest(char32_t c) const {
  const auto found = std::ranges::lower_bound(rest_, c);
  if (found == rest_.end() || *found != c) return 0;
  return rest_places_[static_cast<std::size_t>(found - rest_.begin())];
}

void FoldTable::add_han() {
  const std::string_view pairs = traditional_and_simplified();
  for (std::size_t at = 0; at < pairs.size();) {
    const CodePoint traditional = decode_utf8(pairs, at);
    at += traditional.size_bytes;
    const CodePoint simplified = decode_utf8(pairs, at);
    set(traditional.value, std::string(pairs.substr(at, simplified.size_bytes)));
    at += simplified.size_bytes;
  }
}

}  // namespace aludel::text
