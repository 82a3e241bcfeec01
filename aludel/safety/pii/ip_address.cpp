#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <arpa/inet.h>

#include "aludel/safety/pii/context.h"
#include "aludel/safety/pii/rules.h"

namespace aludel::safety {
namespace {

struct Network4 {
  std::uint32_t address;
  int prefix_bits;
};

constexpr std::uint32_t address4(std::uint32_t a, std::uint32_t b, std::uint32_t c,
                                 std::uint32_t d) {
  return (a << 24) | (b << 16) | (c << 8) | d;
}

// IANA special-purpose registry (RFC 6890 and successors), and public resolvers, which are nobody.
constexpr std::array kKeptNetworks =
    std::to_array<Network4>({{address4(0, 0, 0, 0), 8},          {address4(10, 0, 0, 0), 8},
                             {address4(100, 64, 0, 0), 10},      {address4(127, 0, 0, 0), 8},
                             {address4(169, 254, 0, 0), 16},     {address4(172, 16, 0, 0), 12},
                             {address4(192, 0, 0, 0), 24},       {address4(192, 0, 2, 0), 24},
                             {address4(192, 88, 99, 0), 24},     {address4(192, 168, 0, 0), 16},
                             {address4(198, 18, 0, 0), 15},      {address4(198, 51, 100, 0), 24},
                             {address4(203, 0, 113, 0), 24},     {address4(224, 0, 0, 0), 3},
                             {address4(8, 8, 8, 8), 32},         {address4(8, 8, 4, 4), 32},
                             {address4(1, 1, 1, 1), 32},         {address4(1, 0, 0, 1), 32},
                             {address4(9, 9, 9, 9), 32},         {address4(4, 2, 2, 1), 30},
                             {address4(208, 67, 222, 222), 32},  {address4(208, 67, 220, 220), 32},
                             {address4(114, 114, 114, 114), 32}, {address4(1, 2, 3, 4), 32},
                             {address4(223, 5, 5, 5), 32},       {address4(119, 29, 29, 29), 32}});

struct Network6 {
  std::array<std::uint8_t, 16> address;
  int prefix_bits;
};

// Unspecified, loopback, mapped and translated IPv4, discard, benchmark, documentation, unique
// local, link local, multicast.
constexpr std::array kKeptNetworks6 = std::to_array<Network6>({{{}, 8},
                                                               {{0x01}, 8},
                                                               {{0x20, 0x01, 0x00, 0x00}, 23},
                                                               {{0x20, 0x01, 0x0D, 0xB8}, 32},
                                                               {{0x3F, 0xFF}, 20},
                                                               {{0xFC}, 7},
                                                               {{0xFE, 0x80}, 10},
                                                               {{0xFE, 0xC0}, 10},
                                                               {{0xFF}, 8}});

constexpr auto kAddressWords = std::to_array<std::string_view>(
    {"ip",         "ips",       "ipv4",        "address", "addr",   "host",    "server",
     "ping",       "dns",       "gateway",     "inet",    "client", "clients", "login",
     "logged",     "client_ip", "remote_addr", "peer",    "proxy",  "from",    "connect",
     "connection", "地址",      "登录",        "来自",    "服务器"});

constexpr auto kVersionWords = std::to_array<std::string_view>(
    {"version", "versions", "ver", "v", "release", "releases", "build", "firmware", "driver",
     "section", "chapter", "sect", "clause", "oid", "asn.1", "rfc", "版本", "章", "节"});

bool is_in_network(std::uint32_t address, const Network4& network) {
  return (address ^ network.address) >> (32 - network.prefix_bits) == 0;
}

bool is_in_network(const std::array<std::uint8_t, 16>& address, const Network6& network) {
  for (int bit = 0; bit < network.prefix_bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const int mask = 0x80 >> (bit % 8);
    if (((address.at(byte) ^ network.address.at(byte)) & mask) != 0) return false;
  }
  return true;
}

/// The number of `quad` ("1.2.3.4", no leading zeros), or 0 which is no host.
std::uint32_t parse_ipv4(std::string_view quad) {
  in_addr parsed{};
  if (inet_pton(AF_INET, std::string(quad).c_str(), &parsed) != 1) return 0;
  return ntohl(parsed.s_addr);
}

// "/24" after an address names a network, unless host bits are set.
bool is_network_with_mask(std::string_view text, std::size_t end, std::uint32_t address) {
  if (end >= text.size() || text[end] != '/') return false;
  int bits = 0;
  const auto [rest, error] =
      std::from_chars(text.data() + end + 1, text.data() + text.size(), bits);
  if (error != std::errc() || bits < 1 || bits > 31) return false;
  return (address << static_cast<unsigned>(bits)) == 0;
}

/// What stands behind the last ". A" of a line: the sentence that the line ends in.
std::string_view last_sentence(std::string_view line) {
  for (std::size_t stop = line.rfind(". "); stop != std::string_view::npos && stop > 0;
       stop = line.rfind(". ", stop - 1)) {
    const char next = stop + 2 < line.size() ? line[stop + 2] : ' ';
    if (next >= 'A' && next <= 'Z') return line.substr(stop + 2);
  }
  return line;
}

bool looks_like_a_version(const PiiCandidate& candidate, std::uint32_t address) {
  const std::string_view before = line_before(candidate.text, candidate.begin, 32);
  if (has_word(last_sentence(before), kVersionWords)) return true;
  const std::array<std::uint32_t, 4> octets = {address >> 24, (address >> 16) & 255U,
                                               (address >> 8) & 255U, address & 255U};
  // "41.4.1.1. A First Rule Step by Step", and 123.123.123.123 that texts invent.
  const bool is_small = octets[1] < 32 && octets[2] < 32 && octets[3] < 32;
  const bool is_repeated = std::ranges::count(octets, octets[0]) == 4;
  return is_repeated || (is_small && !has_word(before, kAddressWords));
}

void judge_ipv4(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  std::size_t begin = candidate.begin;
  const std::size_t end = candidate.end;
  for (const std::string_view mapped : {"::ffff:", "::FFFF:"}) {  // RFC 4291 2.5.5.2
    if (text.substr(0, begin).ends_with(mapped)) begin -= mapped.size();
  }
  const char left = begin == 0 ? ' ' : text[begin - 1];
  const char right = end == text.size() ? ' ' : text[end];
  const char after = end + 1 < text.size() ? text[end + 1] : ' ';
  if (is_ascii_word(left) || left == '.' || left == '-' || left == '+') return;
  if (left == '/' && !text.substr(0, begin).ends_with("//")) return;  // Firefox/3.0.0.11
  if (is_ascii_word(right) || (right == '.' && is_ascii_word(after))) return;
  if (right == '-' && is_ascii_word(after)) return;
  const std::uint32_t address = parse_ipv4(candidate.view());
  if ((address & 255U) == 0 || (address & 255U) == 255 || is_network_with_mask(text, end, address))
    return;
  const bool is_kept = std::ranges::any_of(
      kKeptNetworks, [&](const Network4& network) { return is_in_network(address, network); });
  if (is_kept || looks_like_a_version(candidate, address)) return;
  found.push_back({begin, end, PiiKind::ip_address});
}

bool is_ipv6_character(char c) {
  return is_ascii_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':';
}

// A name of C++ or Perl ("Dead::Beef") parses as an address too: ask for groups that look like one.
bool has_address_shape(std::string_view candidate) {
  const auto colons = std::ranges::count(candidate, ':');
  const bool has_digit = std::ranges::any_of(candidate, is_ascii_digit);
  std::size_t longest = 0;
  for (std::size_t run = 0, i = 0; i < candidate.size(); ++i) {
    run = candidate[i] == ':' ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  return colons >= 3 && has_digit && longest >= 3;
}

void judge_ipv6(const PiiCandidate& candidate, std::vector<PiiSpan>& found) {
  const std::string_view text = candidate.text;
  std::size_t begin = candidate.begin;
  std::size_t end = candidate.end;
  while (begin > 0 && candidate.end - begin < 48 && is_ipv6_character(text[begin - 1])) {
    --begin;
  }
  while (end < text.size() && end - begin < 48 && is_ipv6_character(text[end])) {
    ++end;
  }
  while (end > begin && text[end - 1] == ':' && !text.substr(0, end).ends_with("::")) {
    --end;  // "…:2eb4: connection refused"
  }
  const char left = begin == 0 ? ' ' : text[begin - 1];
  const char right = end == text.size() ? ' ' : text[end];
  if (is_ascii_word(left) || left == '.' || is_ascii_word(right)) return;
  const std::string_view value = text.substr(begin, end - begin);
  std::array<std::uint8_t, 16> address{};
  if (!has_address_shape(value) ||
      inet_pton(AF_INET6, std::string(value).c_str(), address.data()) != 1)
    return;
  const bool is_kept = std::ranges::any_of(
      kKeptNetworks6, [&](const Network6& network) { return is_in_network(address, network); });
  if (is_kept || (right == '/' && value.ends_with("::"))) return;
  found.push_back({begin, end, PiiKind::ip_address});
}

constexpr std::array<PiiRule, 2> kIpAddressRules = {
    {{"[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}", judge_ipv4},
     {"[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:", judge_ipv6}}};

}  // namespace

std::span<const PiiRule> ip_address_rules() {
  return kIpAddressRules;
}

}  // namespace aludel::safety
