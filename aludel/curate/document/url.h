#pragma once

#include <optional>
#include <string>
#include <string_view>

// Addresses of web pages.
namespace aludel::curate {

struct Url {
  std::string host;  // lower case, without user, port and dots at its end
  std::string rest;  // path, query and fragment as written; may be empty
};

/// Splits "http://user@Host:80/path?query", with any scheme. Returns nullopt without a host, as for
/// the path of a file.
std::optional<Url> parse_url(std::string_view url);

/// Removes from an address what does not change the page: scheme, user, "www.", default port,
/// fragment, the slash at the end and tracking parameters (utm_*, fbclid, gclid). Writes the host
/// in lower case and %-escapes in capitals, and decodes escapes of letters, digits and "-._~" (RFC
/// 3986, 6.2.2). Returns "" for anything but an http(s) address.
std::string normalise_url(std::string_view url);

/// Returns the part of a host that somebody can register: "b.co.uk" for "a.b.co.uk", by the Public
/// Suffix List (publicsuffix.org) in libpsl. Returns the host itself if it is a numeric address or
/// has no such part. REQUIRES: lower case.
std::string_view registrable_domain(std::string_view host);

}  // namespace aludel::curate
