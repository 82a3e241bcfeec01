#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aludel/safety/pii.h"

namespace aludel::safety {

/// A place that looks like personal data: [begin, end) of `text`.
struct PiiCandidate {
  std::string_view text;
  std::size_t begin;
  std::size_t end;

  std::string_view view() const { return text.substr(begin, end - begin); }
};

/// A cheap pattern, and the code that judges what it finds by checksum and context and appends what
/// it is sure of.
struct PiiRule {
  std::string_view expression;
  void (*judge)(const PiiCandidate& candidate, std::vector<PiiSpan>& found);
};

/// Addresses of persons; reserved names (RFC 2606), role mailboxes (RFC 2142) and mailing lists
/// stay.
std::span<const PiiRule> email_rules();

/// Public IPv4 and IPv6 addresses; private, documentation and other special ranges stay
/// (RFC 1918, 5737, 3849, 6890).
std::span<const PiiRule> ip_address_rules();

/// Chinese resident IDs, payment cards and telephone numbers: all are runs of digit groups.
std::span<const PiiRule> number_rules();

/// Passport numbers beside the word, and the machine-readable lines of a passport (ICAO Doc 9303).
std::span<const PiiRule> passport_rules();

/// Plates of China by their shape (GA 36-2018); those with places that the standard does not give
/// out, and plates without a province, beside a word for vehicles.
std::span<const PiiRule> chinese_plate_rules();

/// Plates of any shape beside an English word for them.
std::span<const PiiRule> announced_plate_rules();

/// Bank accounts in IBAN form.
std::span<const PiiRule> iban_rules();

/// Keys of web services and private-key blocks; keys that say EXAMPLE stay.
std::span<const PiiRule> secret_rules();

}  // namespace aludel::safety
