#pragma once
// From a request to the handler that answers it.

#include <span>
#include <vector>

#include "aludel/serve/http.h"
#include "aludel/serve/http_access.h"

namespace aludel::serve {

/// The route that answers a request: HEAD takes that of GET. Null when there is none.
const HttpRoute* find_route(std::span<const HttpRoute> routes, const HttpRequest& request);

/// What a request without a route gets: 405 where its path takes another method, else 404.
HttpResponse no_route_response(std::span<const HttpRoute> routes, const HttpRequest& request);

/// Routes behind the rules of who may ask.
class HttpRouter {
 public:
  /// Errors: invalid_argument for a limit out of range, or as WebAccess::make.
  static Result<HttpRouter> make(const HttpOptions& options, std::vector<HttpRoute> routes);

  /// Answers the request, or hands it to its handler. Returns headers for whatever the reply is.
  HttpHeaders dispatch(HttpRequest request, HttpReply reply) const;

 private:
  HttpRouter(WebAccess access, std::vector<HttpRoute> routes)
      : access_(std::move(access)), routes_(std::move(routes)) {}

  WebAccess access_;
  std::vector<HttpRoute> routes_;
};

}  // namespace aludel::serve
