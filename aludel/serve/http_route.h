#pragma once

#include <span>

#include "aludel/serve/http.h"

namespace aludel::serve {

/// The route that answers a request: HEAD takes that of GET. Null when there is none.
const HttpRoute* find_route(std::span<const HttpRoute> routes, const HttpRequest& request);

/// What a request without a route gets: 405 where its path takes another method, else 404.
HttpResponse no_route_response(std::span<const HttpRoute> routes, const HttpRequest& request);

}  // namespace aludel::serve
