#include "aludel/serve/http_route.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::serve {
namespace {

bool has_path(const HttpRoute& route, std::string_view path) {
  const std::string_view known = route.path;
  if (!known.ends_with("/*")) return known == path;
  return path.size() >= known.size() && path.starts_with(known.substr(0, known.size() - 1));
}

}  // namespace

const HttpRoute* find_route(std::span<const HttpRoute> routes, const HttpRequest& request) {
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  const auto found = std::ranges::find_if(routes, [&](const HttpRoute& route) {
    return has_path(route, request.path) && route.method == method;
  });
  return found == routes.end() ? nullptr : &*found;
}

HttpResponse no_route_response(std::span<const HttpRoute> routes, const HttpRequest& request) {
  const bool known = std::ranges::any_of(
      routes, [&](const HttpRoute& route) { return has_path(route, request.path); });
  return known
             ? error_response(405, fmt::format("{} does not take {}", request.path, request.method))
             : error_response(404, fmt::format("no such address: {}", request.path));
}

}  // namespace aludel::serve
