#pragma once
// The thread that moves a server's bytes, as the rest of the program sees it.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "aludel/serve/http_route.h"

namespace aludel::serve {

class HttpLoop {
 public:
  /// Listens. Errors: invalid_argument for a bad address; io_error when it cannot listen.
  static Result<std::unique_ptr<HttpLoop>> listen(const HttpOptions& options, HttpRouter router);

  virtual ~HttpLoop() = default;

  /// Serves until close_soon() has done its work. The one call that needs a thread of its own.
  virtual void run() = 0;

  /// As HttpServer::refuse_new().
  virtual void refuse_new() = 0;

  /// Sends what is written of the replies, for kLastWords at most, and ends run().
  virtual void close_soon() = 0;

  virtual std::uint16_t port() const = 0;
  virtual std::size_t connection_count() const = 0;

  /// Requests that have arrived whole and whose replies have not been sent to their end.
  virtual std::size_t reply_count() const = 0;
};

}  // namespace aludel::serve
