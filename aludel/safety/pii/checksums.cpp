#include "aludel/safety/pii/checksums.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace aludel::safety {
namespace {

int number_at(std::string_view digits, std::size_t position, std::size_t count) {
  int value = 0;
  std::from_chars(digits.data() + position, digits.data() + position + count, value);
  return value;
}

bool date_exists(int year, int month, int day) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays.at(static_cast<std::size_t>(month) - 1) + (month == 2 && leap ? 1 : 0);
}

// First two digits of a resident ID: provinces, Taiwan, Hong Kong, Macao, and 83 (Taiwan permits).
bool province_exists(int code) {
  constexpr std::array kProvinces = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34,
                                     35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
                                     53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83};
  return std::ranges::binary_search(kProvinces, code);
}

struct IbanCountry {
  std::string_view country;
  int length;
};

constexpr std::array kIbanCountries = std::to_array<IbanCountry>(
    {{"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22},
     {"BH", 22}, {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24},
     {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18},
     {"FK", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27},
     {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27},
     {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
     {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MN", 20}, {"MR", 27},
     {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28},
     {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31},
     {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
     {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}});

// Issuer ranges by the first six digits, with the lengths (bit n: n digits) that the network uses.
struct CardRange {
  int first;
  int last;
  std::uint32_t lengths;
};

constexpr std::uint32_t length_bits(int shortest, int longest) {
  std::uint32_t bits = 0;
  for (int length = shortest; length <= longest; ++length) {
    bits |= 1U << static_cast<unsigned>(length);
  }
  return bits;
}

constexpr std::uint32_t kLength16 = length_bits(16, 16);

constexpr std::array kCardRanges = std::to_array<CardRange>({
    {180000, 180099, length_bits(15, 15)},                                    // JCB
    {213100, 213199, length_bits(15, 15)},                                    // JCB
    {222100, 272099, kLength16},                                              // Mastercard
    {300000, 305999, length_bits(14, 14)},                                    // Diners Club
    {340000, 349999, length_bits(15, 15)},                                    // American Express
    {352800, 358999, length_bits(16, 19)},                                    // JCB
    {360000, 369999, length_bits(14, 14)},                                    // Diners Club
    {370000, 379999, length_bits(15, 15)},                                    // American Express
    {380000, 399999, length_bits(14, 14)},                                    // Diners Club
    {400000, 499999, length_bits(13, 13) | kLength16 | length_bits(19, 19)},  // Visa
    {500000, 509999, length_bits(12, 19)},                                    // Maestro
    {510000, 559999, kLength16},                                              // Mastercard
    {560000, 589999, length_bits(12, 19)},                                    // Maestro
    {601100, 601199, length_bits(16, 19)},                                    // Discover
    {620000, 629999, length_bits(16, 19)},                                    // UnionPay
    {630000, 639999, length_bits(12, 19)},                                    // Maestro
    {644000, 659999, length_bits(16, 19)},                                    // Discover
    {670000, 679999, length_bits(12, 19)},                                    // Maestro
    {810000, 817199, length_bits(16, 19)},                                    // UnionPay
});

}  // namespace

bool luhn_is_valid(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; is_doubled = !is_doubled) {
    const int digit = (digits[i] - '0') * (is_doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return !digits.empty() && sum % 10 == 0;
}

bool has_resident_id_shape(std::string_view id) {
  if (id.size() != 18 || !province_exists(number_at(id, 0, 2))) return false;
  const int year = number_at(id, 6, 4);
  return year >= 1900 && year <= 2039 &&
         date_exists(year, number_at(id, 10, 2), number_at(id, 12, 2));
}

bool chinese_resident_id_is_valid(std::string_view id) {
  constexpr std::array kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  constexpr std::string_view kChecks = "10X98765432";
  if (!has_resident_id_shape(id)) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    sum += (id[i] - '0') * kWeights.at(i);
  }
  const char check = id[17] == 'x' ? 'X' : id[17];
  return kChecks[static_cast<std::size_t>(sum % 11)] == check;
}

int iban_length(std::string_view country) {
  std::string upper(country);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const auto* found = std::ranges::lower_bound(kIbanCountries, upper, {}, &IbanCountry::country);
  return found != kIbanCountries.end() && found->country == upper ? found->length : 0;
}

bool iban_is_valid(std::string_view iban) {
  if (iban.size() < 5 || std::cmp_not_equal(iban.size(), iban_length(iban.substr(0, 2))))
    return false;
  int remainder = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const char c = iban[(i + 4) % iban.size()];
    if (c >= '0' && c <= '9') {
      remainder = (remainder * 10 + (c - '0')) % 97;
    } else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
      remainder = (remainder * 100 + ((c | 0x20) - 'a' + 10)) % 97;
    } else {
      return false;
    }
  }
  return remainder == 1;
}

bool card_prefix_is_valid(std::string_view digits) {
  if (digits.size() < 12 || digits.size() > 19) return false;
  const int prefix = number_at(digits, 0, 6);
  return std::ranges::any_of(kCardRanges, [&](const CardRange& range) {
    return prefix >= range.first && prefix <= range.last &&
           ((range.lengths >> digits.size()) & 1U) != 0;
  });
}

int mrz_check_digit(std::string_view field) {
  constexpr std::array kWeights = {7, 3, 1};
  int sum = 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const char c = field[i];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : 0;
    sum += value * kWeights.at(i % 3);
  }
  return sum % 10;
}

double shannon_entropy(std::string_view text) {
  std::array<int, 256> counts{};
  for (const char c : text) {
    ++counts.at(static_cast<unsigned char>(c));
  }
  double bits = 0;
  for (const int count : counts) {
    if (count == 0) continue;
    const double share = count / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace aludel::safety
