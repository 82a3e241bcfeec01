#include "aludel/curate/document/url.h"

#include <algorithm>

#include <libpsl.h>

#include "aludel/base/ascii.h"

namespace aludel::curate {
namespace {

bool is_tracking(std::string_view parameter) {
  return parameter.starts_with("utm_") || parameter.starts_with("fbclid=") ||
         parameter.starts_with("gclid=");
}

std::string without_tracking(std::string_view query) {
  std::string kept;
  for (std::size_t at = 0; at < query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view parameter = query.substr(at, end - at);
    if (!parameter.empty() && !is_tracking(parameter)) {
      kept += kept.empty() ? "?" : "&";
      kept += parameter;
    }
    at = end + 1;
  }
  return kept;
}

// Returns the value of a hexadecimal digit; -1 for any other character.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower_ascii(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool is_unreserved(char c) {
  const char letter = lower_ascii(c);
  return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string normalise_escapes(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    const auto hidden = static_cast<char>(high * 16 + low);
    if (is_unreserved(hidden)) {
      out += hidden;
    } else {
      out += '%';
      out += kDigits[static_cast<std::size_t>(high)];
      out += kDigits[static_cast<std::size_t>(low)];
    }
    i += 2;
  }
  return out;
}

// True for IPv6 in brackets, and for a host whose last part is a number.
bool is_numeric_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  const std::string_view last = host.substr(host.find_last_of('.') + 1);
  return !last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<Url> parse_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme > 16) return std::nullopt;
  url.remove_prefix(scheme + 3);
  const std::size_t host_end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view host = url.substr(0, host_end);
  host.remove_prefix(host.find_last_of('@') + 1);
  const std::size_t colon = host.find_last_of(':');
  const bool has_port = colon != std::string_view::npos &&
                        host.find(']', colon) == std::string_view::npos;  // not in [::1]
  if (has_port) host = host.substr(0, colon);
  while (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  if (host.empty()) return std::nullopt;
  return Url{lower_ascii(host), std::string(url.substr(host_end))};
}

std::string normalise_url(std::string_view url) {
  const std::string scheme = lower_ascii(url.substr(0, url.find("://")));
  if (scheme != "http" && scheme != "https") return "";
  const std::optional<Url> parts = parse_url(url);
  if (!parts) return "";
  std::string host = parts->host;
  if (host.starts_with("www.")) host.erase(0, 4);
  std::string_view authority = url.substr(scheme.size() + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const std::size_t colon = authority.find_last_of(':');
  const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon);
  const bool is_port = std::ranges::all_of(port.substr(port.empty() ? 0 : 1),
                                           [](char c) { return c >= '0' && c <= '9'; });
  if (is_port && port != ":80" && port != ":443" && port != ":") host += port;
  std::string_view path = parts->rest;
  path = path.substr(0, path.find('#'));
  const std::size_t query = path.find('?');
  const std::string kept_query =
      query == std::string_view::npos ? "" : without_tracking(path.substr(query + 1));
  path = path.substr(0, query);
  while (path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return host + normalise_escapes(path) + normalise_escapes(kept_query);
}

std::string_view registrable_domain(std::string_view host) {
  if (is_numeric_address(host)) return host;
  const std::string ended(host);
  const char* found = psl_registrable_domain(psl_builtin(), ended.c_str());
  if (found == nullptr) return host;
  return host.substr(static_cast<std::size_t>(found - ended.c_str()));
}

}  // namespace aludel::curate
