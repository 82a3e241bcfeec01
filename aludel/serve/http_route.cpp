#include "aludel/serve/http_route.h"

#include <algorithm>

#include <fmt/format.h>

namespace aludel::serve {

const HttpRoute* find_route(std::span<const HttpRoute> routes, const HttpRequest& request) {
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  const auto found = std::ranges::find_if(routes, [&](const HttpRoute& route) {
    return route.path == request.path && route.method == method;
  });
  return found == routes.end() ? nullptr : &*found;
}

HttpResponse no_route_response(std::span<const HttpRoute> routes, const HttpRequest& request) {
  const bool known = std::ranges::find(routes, request.path, &HttpRoute::path) != routes.end();
  return known
             ? error_response(405, fmt::format("{} does not take {}", request.path, request.method))
             : error_response(404, fmt::format("no such address: {}", request.path));
}

}  // namespace aludel::serve
