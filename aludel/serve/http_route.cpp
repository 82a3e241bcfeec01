#include "aludel/serve/http_route.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/log.h"

namespace aludel::serve {
namespace {

bool has_path(const HttpRoute& route, std::string_view path) {
  const std::string_view known = route.path;
  if (!known.ends_with("/*")) return known == path;
  return path.size() >= known.size() && path.starts_with(known.substr(0, known.size() - 1));
}

/// Whether the body is compressed, or otherwise encoded.
bool is_encoded(const HttpRequest& request) {
  const std::string_view coding = request.header("content-encoding");
  return !request.body.empty() && !coding.empty() && lower_ascii(coding) != "identity";
}

HttpResponse encoded_response() {
  HttpResponse response = error_response(400, "send the body without Content-Encoding");
  response.headers.emplace_back("Accept-Encoding", "identity");
  return response;
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

Result<HttpRouter> HttpRouter::make(const HttpOptions& options, std::vector<HttpRoute> routes) {
  ALUDEL_TRY(check_config(options, "serve"));
  WebAccess access = ALUDEL_TRY(WebAccess::make({.hosts = options.allowed_hosts,
                                                 .origins = options.allowed_origins,
                                                 .listens_on = options.host,
                                                 .any_host = options.any_host}));
  return HttpRouter(std::move(access), std::move(routes));
}

HttpHeaders HttpRouter::dispatch(HttpRequest request, HttpReply reply) const {
  WebAccess::Verdict verdict = access_.judge(request);
  if (verdict.answer) {
    reply.send(std::move(*verdict.answer));
    return std::move(verdict.headers);
  }
  if (is_encoded(request)) {
    reply.send(encoded_response());
    return std::move(verdict.headers);
  }
  const HttpRoute* route = find_route(routes_, request);
  if (route == nullptr) {
    reply.send(no_route_response(routes_, request));
    return std::move(verdict.headers);
  }
  try {
    route->handler(std::move(request), std::move(reply));
  } catch (const std::exception& bug) {  // the reply was dropped on the way: a 500
    log_warning("[serve] a bug, please report it: {}", bug.what());
  }
  return std::move(verdict.headers);
}

}  // namespace aludel::serve
