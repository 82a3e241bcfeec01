#pragma once

#include <string_view>

namespace aludel::safety {

/// Whether decimal `digits` satisfy the Luhn formula. Source: ISO/IEC 7812-1, annex B.
bool luhn_is_valid(std::string_view digits);

/// Whether 18 characters begin with a province and hold a date of birth; no checksum.
bool has_resident_id_shape(std::string_view id);

/// Whether 17 digits and a check character (0-9 or X) satisfy ISO 7064 MOD 11-2, and province and
/// date of birth (1900 to 2039) exist. Source: GB 11643-1999.
bool chinese_resident_id_is_valid(std::string_view id);

/// Whether an IBAN without spaces has its country's length and remainder 1 modulo 97; letters of
/// either case. Source: ISO 13616-1, IBAN registry release 96.
bool iban_is_valid(std::string_view iban);

/// Length of an IBAN of this country ("GB", either case), or 0 when the country has none.
int iban_length(std::string_view country);

/// Whether `digits` has a length and an issuer prefix that payment cards use; no checksum.
/// Source: ISO/IEC 7812 issuer ranges as the card networks publish them.
bool card_prefix_is_valid(std::string_view digits);

/// The check digit of a field of a machine-readable travel document: letters, digits and '<' with
/// weights 7, 3, 1. Source: ICAO Doc 9303-3, 4.9.
int mrz_check_digit(std::string_view field);

/// Bits per character of the text's own character distribution. Source: Shannon 1948.
double shannon_entropy(std::string_view text);

}  // namespace aludel::safety
