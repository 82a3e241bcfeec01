#include "aludel/serve/http_access.h"

#include <algorithm>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "aludel/base/ascii.h"

namespace aludel::serve {
namespace {

/// "host" of "host:port" or "[address]:port", in lower case and without a closing dot.
std::string host_name(std::string_view host) {
  const bool in_brackets = host.starts_with('[');
  if (in_brackets) host.remove_prefix(1);
  std::string name = lower_ascii(host.substr(0, host.find(in_brackets ? ']' : ':')));
  if (name.ends_with('.')) name.pop_back();
  return name;
}

/// "host:port" in lower case, without the port that the scheme has anyway.
std::string without_default_port(std::string_view host, std::string_view scheme) {
  const std::string_view port = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return lower_ascii(host);
}

bool is_address(const std::string& name) {
  unsigned char bytes[16];
  return ::inet_pton(AF_INET, name.c_str(), bytes) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

bool is_loopback(const std::string& name) {
  return (name.starts_with("127.") && is_address(name)) || name == "::1" || name == "localhost";
}

/// The parts of "scheme://host:port"; both empty where it is none.
std::pair<std::string_view, std::string_view> parts_of_origin(std::string_view origin) {
  const std::size_t end = origin.find("://");
  if (end == std::string_view::npos || end == 0) return {};
  return {origin.substr(0, end), origin.substr(end + 3)};
}

Error bad_rule(std::string_view setting, std::string_view value, std::string_view expected) {
  return {Code::invalid_argument,
          fmt::format("[serve] {} '{}': expected {}", setting, value, expected)};
}

HttpResponse refuse(std::string_view message) {
  return error_response(403, message);
}

/// The answer to a browser that asks whether an allowed page may send its request.
HttpHeaders preflight_headers(const HttpRequest& request) {
  HttpHeaders headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST"},
                         {"Access-Control-Allow-Headers", "*, Authorization"},
                         {"Access-Control-Max-Age", "600"}};
  if (request.header("access-control-request-private-network") == "true") {
    headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return headers;
}

}  // namespace

WebAccess::WebAccess(AccessRules rules) : rules_(std::move(rules)) {
  for (std::string& host : rules_.hosts)
    host = is_address(host) ? host : host_name(host);
  for (std::string& origin : rules_.origins) {
    origin = lower_ascii(origin);
    const auto [scheme, host] = parts_of_origin(origin);  // a page of this name is asked by it, too
    if (scheme == "https" || scheme == "http") rules_.hosts.push_back(host_name(host));
  }
}

Result<WebAccess> WebAccess::make(AccessRules rules) {
  for (const std::string& host : rules.hosts) {
    const bool has_port = host.find(':') != std::string::npos && !is_address(host);
    if (host.empty() || has_port || host.find_first_of("/*@ ") != std::string::npos) {
      return bad_rule("allowed_hosts", host, "a name as \"ai.example\"");
    }
  }
  for (const std::string& origin : rules.origins) {
    const auto [scheme, host] = parts_of_origin(origin);
    if (scheme.empty() || host.empty() || host.find_first_of("/*@ ") != std::string_view::npos) {
      return bad_rule("allowed_origins", origin,
                      "scheme and host as \"https://chat.example\", each origin by its name");
    }
  }
  return WebAccess(std::move(rules));
}

bool WebAccess::is_own_host(std::string_view host) const {
  if (rules_.any_host || host.empty()) return true;  // browsers never leave it out
  const std::string name = host_name(host);
  if (name == rules_.listens_on || std::ranges::find(rules_.hosts, name) != rules_.hosts.end()) {
    return true;
  }
  if (is_address(name)) return is_loopback(name) || !is_loopback(rules_.listens_on);
  return name.find('.') == std::string::npos || name.ends_with(".localhost");
}

WebAccess::Verdict WebAccess::judge(const HttpRequest& request) const {
  Verdict verdict;
  const auto is_host = [](const auto& header) { return lower_ascii(header.first) == "host"; };
  const auto hosts = std::ranges::count_if(request.headers, is_host);
  if (hosts > 1 || (hosts == 0 && request.version >= 11)) {  // RFC 9112 section 3.2
    verdict.answer = error_response(
        400, fmt::format("a request of HTTP/1.1 has one header Host, this one has {}", hosts));
    return verdict;
  }
  if (!is_own_host(request.host)) {
    verdict.answer = refuse(fmt::format(
        "'{}' is no name of this server; where it should be, start it with --allowed-hosts",
        request.host));
    return verdict;
  }
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return verdict;
  const bool allowed =
      std::ranges::find(rules_.origins, lower_ascii(origin)) != rules_.origins.end();
  const std::string lower = lower_ascii(origin);
  const auto [scheme, host] = parts_of_origin(lower);
  const bool is_own =
      (scheme == "http" || scheme == "https") && !host.empty() &&
      without_default_port(host, scheme) == without_default_port(request.host, scheme);
  if (!allowed && !is_own) {
    verdict.answer = refuse(
        fmt::format("this server answers only pages of its own; to let '{}' ask, start it with "
                    "--allowed-origins",
                    origin));
    return verdict;
  }
  if (!allowed) return verdict;
  verdict.headers = {{"Access-Control-Allow-Origin", std::string(origin)}, {"Vary", "Origin"}};
  if (request.method == "OPTIONS" && !request.header("access-control-request-method").empty()) {
    verdict.answer.emplace().headers = preflight_headers(request);
  }
  return verdict;
}

}  // namespace aludel::serve
