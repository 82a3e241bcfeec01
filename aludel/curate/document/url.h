#pragma once

#include <optional>
#include <string>
#include <string_view>

// Addresses of web pages.
namespace aludel::curate {

struct Url {
  std::string host;  // lower case, without user, port and dots at its end
  std::string rest;  // path, query and fragment as they were written; may be empty
};

/// The parts of "http://user@Host:80/path?query"; any scheme. nullopt for what has no host, a
/// file's path for example.
std::optional<Url> parse_url(std::string_view url);

/// The address without what does not change the page: scheme, user, "www.", default port, fragment,
/// the slash at the end and tracking parameters (utm_*, fbclid, gclid); host in lower case,
/// %-escapes in capitals and undone where they hide a letter, a digit or one of "-._~" (RFC 3986,
/// 6.2.2). Empty for what is no http(s) address.
std::string normalise_url(std::string_view url);

/// The part of a host that somebody can register: "b.co.uk" of "a.b.co.uk", by the Public Suffix
/// List (publicsuffix.org) in libpsl. The host itself where that is an address of numbers or has no
/// such part. REQUIRES: lower case.
std::string_view registrable_domain(std::string_view host);

}  // namespace aludel::curate
