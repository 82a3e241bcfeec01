#include "aludel/safety/pii/synthetic.h"

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "aludel/safety/pii/checksums.h"

namespace aludel::safety {
namespace {

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The parts one behind the other. Those of a braced list are drawn in their order; arguments of a
/// call and operands of + have none, so that compilers would give different values.
std::string in_order(std::initializer_list<std::string> parts) {
  return fmt::format("{}", fmt::join(parts, ""));
}

std::string pick(std::span<const std::string_view> words, Rng& random) {
  return std::string(words[random.below(words.size())]);
}

int between(int lowest, int highest, Rng& random) {
  const auto choices = static_cast<std::uint64_t>(highest - lowest) + 1;
  return lowest + static_cast<int>(random.below(choices));
}

std::string number_between(int lowest, int highest, Rng& random) {
  return std::to_string(between(lowest, highest, random));
}

std::string draw(std::string_view alphabet, std::size_t count, Rng& random) {
  std::string text;
  while (text.size() < count) {
    text += alphabet[random.below(alphabet.size())];
  }
  return text;
}

std::string digits(std::size_t count, Rng& random) {
  return draw("0123456789", count, random);
}

std::string syllables(int count, Rng& random) {
  std::string word;
  for (int i = 0; i < count; ++i) {
    word += in_order({draw("bdfgklmnprstvz", 1, random), draw("aeiou", 1, random)});
  }
  return word;
}

std::string email(PiiLocale locale, Rng& random) {
  constexpr auto kChinese =
      std::to_array<std::string_view>({"163.com", "126.com", "qq.com", "sina.com", "foxmail.com"});
  constexpr auto kTops =
      std::to_array<std::string_view>({"com", "org", "net", "de", "co.uk", "fr"});
  constexpr auto kJoints = std::to_array<std::string_view>({".", "_", "", "-"});
  if (locale == PiiLocale::chinese) {
    return in_order(
        {syllables(2, random), number_between(10, 9999, random), "@", pick(kChinese, random)});
  }
  return in_order({syllables(2, random), pick(kJoints, random), syllables(3, random), "@",
                   syllables(3, random), ".", pick(kTops, random)});
}

std::string phone(PiiLocale locale, Rng& random) {
  if (locale == PiiLocale::chinese) {
    constexpr auto kPrefixes = std::to_array<std::string_view>(
        {"134", "135", "138", "139", "150", "158", "159", "176", "186", "189", "199"});
    const std::string number = in_order({pick(kPrefixes, random), digits(8, random)});
    if (random.below(3) == 0) {
      return in_order({"010-", number_between(2, 8, random), digits(7, random)});
    }
    if (random.below(3) == 0) return "+86 " + number;
    return number;
  }
  const int area = between(201, 989, random);
  int exchange = between(200, 999, random);
  if (exchange == 555) exchange = 556;
  const std::string line = digits(4, random);
  switch (random.below(3)) {
    case 0:
      return fmt::format("({}) {}-{}", area, exchange, line);
    case 1:
      return fmt::format("{}-{}-{}", area, exchange, line);
    default:
      return fmt::format("+44 20 {} {}", between(3000, 8999, random), line);
  }
}

std::string ip_address(PiiLocale, Rng& random) {
  constexpr std::array kFirst = {23, 37, 46, 62, 78, 81, 93, 109, 121, 145, 178, 183, 202, 217};
  return in_order({std::to_string(kFirst.at(random.below(kFirst.size()))), ".",
                   number_between(32, 254, random), ".", number_between(1, 254, random), ".",
                   number_between(1, 254, random)});
}

std::string resident_id(PiiLocale, Rng& random) {
  constexpr auto kAreas = std::to_array<std::string_view>(
      {"110105", "310104", "440305", "510107", "320106", "330106", "420106", "610113"});
  const std::string area = pick(kAreas, random);
  const int year = between(1950, 2005, random);
  const int month = between(1, 12, random);
  const int day = between(1, 28, random);
  const std::string id = fmt::format("{}{}{:02}{:02}{}", area, year, month, day, digits(3, random));
  for (const char check : std::string_view("0123456789X")) {
    std::string whole = id + check;
    if (chinese_resident_id_is_valid(whole)) return whole;
  }
  return id;
}

std::string passport(PiiLocale locale, Rng& random) {
  if (locale == PiiLocale::chinese) {
    return random.below(2) == 0
               ? in_order({draw("EG", 1, random), digits(8, random)})
               : in_order({"E", draw("ABCDEFGHJKLMNPQRSTUVWXYZ", 1, random), digits(7, random)});
  }
  switch (random.below(3)) {
    case 0:
      return in_order({draw("CFGHJK", 1, random), digits(2, random), "X", digits(5, random)});
    case 1:
      return in_order({draw("ABCDEFGHKLMNPRSTVWXYZ", 1, random), digits(8, random)});
    default:
      return in_order({number_between(1, 9, random), digits(8, random)});
  }
}

std::string licence_plate(PiiLocale locale, Rng& random) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  if (locale == PiiLocale::chinese) {
    constexpr auto kProvinces = std::to_array<std::string_view>(
        {"京", "沪", "粤", "浙", "苏", "川", "鲁", "豫", "鄂", "湘", "闽", "陕", "新", "云"});
    constexpr auto kJoints = std::to_array<std::string_view>({"", "", "·", " "});
    const std::string plate =
        in_order({pick(kProvinces, random), draw(kLetters, 1, random), pick(kJoints, random)});
    switch (random.below(3)) {
      case 0:
        return in_order({plate, draw("DF", 1, random), digits(5, random)});
      case 1:
        return plate + digits(5, random);
      default:
        return in_order(
            {plate, draw(kLetters, 1, random), digits(3, random), draw(kLetters, 1, random)});
    }
  }
  switch (random.below(3)) {
    case 0:
      return in_order(
          {draw(kLetters, 2, random), digits(2, random), " ", draw(kLetters, 3, random)});
    case 1:
      return in_order({draw(kLetters, 3, random), "-", digits(4, random)});
    default:
      return in_order({digits(1, random), draw(kLetters, 3, random), digits(3, random)});
  }
}

std::string grouped_by_four(const std::string& number) {
  std::string text;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (i > 0 && i % 4 == 0) text += ' ';
    text += number[i];
  }
  return text;
}

std::string bank_card(PiiLocale locale, Rng& random) {
  constexpr auto kPrefixes =
      std::to_array<std::string_view>({"4556", "4716", "5244", "5512", "6011", "2720"});
  const bool is_chinese = locale == PiiLocale::chinese;
  std::string number = is_chinese ? "622202" + digits(12, random)
                                  : in_order({pick(kPrefixes, random), digits(11, random)});
  for (char check = '0'; check <= '9'; ++check) {
    if (!luhn_is_valid(number + check)) continue;
    number += check;
    break;
  }
  return random.below(2) == 0 ? number : grouped_by_four(number);
}

std::string iban(PiiLocale, Rng& random) {
  constexpr auto kCountries = std::to_array<std::string_view>({"DE", "GB", "FR", "NL", "ES"});
  const std::string country = pick(kCountries, random);
  std::string account = country == "GB" || country == "NL" ? draw("ABCDEFGHIKLMNPRSTUW", 4, random)
                                                           : digits(4, random);
  account += digits(static_cast<std::size_t>(iban_length(country)) - 8, random);
  for (int check = 2; check <= 98; ++check) {
    const std::string whole = fmt::format("{}{:02}{}", country, check, account);
    if (iban_is_valid(whole)) return random.below(2) == 0 ? whole : grouped_by_four(whole);
  }
  return country;
}

std::string api_key(PiiLocale, Rng& random) {
  switch (random.below(3)) {
    case 0:
      return in_order({"AKIA", draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10, random), digits(6, random)});
    case 1:
      return in_order({"ghp_", draw(kBase62, 32, random), digits(4, random)});
    default:
      return in_order({"sk-", draw(kBase62, 44, random), digits(4, random)});
  }
}

std::string private_key(PiiLocale, Rng& random) {
  std::string block = "-----BEGIN PRIVATE KEY-----\n";
  for (int line = 0; line < 4; ++line) {
    block += draw(kBase62, 64, random) + "\n";
  }
  return block + "-----END PRIVATE KEY-----";
}

// Changes the last digit, so that the checksum no longer fits.
std::string spoilt(std::string number) {
  for (std::size_t i = number.size(); i-- > 0;) {
    if (number[i] < '0' || number[i] > '9') continue;
    number[i] = number[i] == '9' ? '0' : static_cast<char>(number[i] + 1);
    break;
  }
  return number;
}

std::string reserved_email(PiiLocale, Rng& random) {
  return syllables(3, random) + "@example.com";
}

std::string private_address(PiiLocale, Rng& random) {
  return in_order(
      {"192.168.", number_between(0, 255, random), ".", number_between(1, 254, random)});
}

std::string fictional_phone(PiiLocale, Rng& random) {
  return in_order({number_between(201, 989, random), "-555-01", digits(2, random)});
}

std::string placeholder_key(PiiLocale, Rng& random) {
  return "AKIA" + draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 9, random) + "EXAMPLE";
}

std::string elided_private_key(PiiLocale, Rng&) {
  return "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----";
}

std::string spoilt_resident_id(PiiLocale locale, Rng& random) {
  std::string id = resident_id(locale, random);
  id[17] = id[17] == '5' ? '6' : '5';
  return id;
}

std::string spoilt_iban(PiiLocale locale, Rng& random) {
  return spoilt(iban(locale, random));
}

std::string spoilt_card(PiiLocale locale, Rng& random) {
  return spoilt(bank_card(locale, random));
}

// One place too many for any country.
std::string long_passport(PiiLocale, Rng& random) {
  return "E" + digits(11, random);
}

std::string vanity_plate(PiiLocale locale, Rng& random) {
  if (locale == PiiLocale::chinese) return "最新A" + digits(5, random);
  return in_order({draw("bdfgklmnprst", 3, random), "-", digits(4, random)});
}

struct Makers {
  std::string (*real)(PiiLocale, Rng&);
  std::string (*decoy)(PiiLocale, Rng&);
};

// In the order of PiiKind.
constexpr std::array<Makers, kPiiKindCount> kMakers = {{{private_key, elided_private_key},
                                                        {api_key, placeholder_key},
                                                        {email, reserved_email},
                                                        {iban, spoilt_iban},
                                                        {ip_address, private_address},
                                                        {resident_id, spoilt_resident_id},
                                                        {passport, long_passport},
                                                        {licence_plate, vanity_plate},
                                                        {bank_card, spoilt_card},
                                                        {phone, fictional_phone}}};

}  // namespace

std::string synthetic_pii(PiiKind kind, PiiLocale locale, Rng& random) {
  return kMakers.at(static_cast<std::size_t>(kind)).real(locale, random);
}

std::string synthetic_decoy(PiiKind kind, PiiLocale locale, Rng& random) {
  return kMakers.at(static_cast<std::size_t>(kind)).decoy(locale, random);
}

}  // namespace aludel::safety
