#pragma once
// HTTP/1.1 server: routes in, whole or streamed replies out. Its one thread moves bytes and never
// computes; replies are written by whatever thread holds their HttpReply.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/serve/http_reply.h"

namespace aludel::serve {

/// Called on the server's thread: it must hand work over and return at once.
using HttpHandler = std::function<void(HttpRequest request, HttpReply reply)>;

struct HttpRoute {
  std::string method;  // a route for GET also answers HEAD
  std::string path;    // "/v1/models/*" takes every path that goes on behind the slash
  HttpHandler handler;
};

struct HttpOptions {
  std::string host = "127.0.0.1";
  std::int64_t port = 8080;  // 0: any free one
  std::int64_t max_header_bytes = std::int64_t{16} << 10;
  std::int64_t max_body_bytes = std::int64_t{8} << 20;
  std::int64_t max_arriving_bytes = std::int64_t{128} << 20;  // of all bodies together
  std::int64_t max_connections = 1024;                        // more get a 503
  std::int64_t idle_timeout_ms = 60'000;     // between two requests of a connection
  std::int64_t request_timeout_ms = 30'000;  // from a request's first line to its last byte
  std::int64_t write_timeout_ms = 30'000;    // a client that takes nothing for so long is gone
  std::int64_t stop_grace_ms = 10'000;       // for replies in progress when asked to stop
  std::vector<std::string> allowed_hosts;    // as AccessRules::hosts
  std::vector<std::string> allowed_origins;  // as AccessRules::origins
  bool any_host = false;                     // as AccessRules::any_host

  template <class V>
  void visit(V& v) {
    v("host", host, "address to listen on; 0.0.0.0 opens the server to the network");
    v("port", port, "port to listen on; 0 takes a free one", between(0, 65535));
    v("max_header_bytes", max_header_bytes, "longest request header", between(256, 1 << 30));
    v("max_body_bytes", max_body_bytes, "longest request body", at_least(1));
    v("max_arriving_bytes", max_arriving_bytes,
      "bodies that are arriving, all together; more get a 503", at_least(1));
    v("max_connections", max_connections, "connections at a time; more get a 503", at_least(1));
    v("idle_timeout_ms", idle_timeout_ms, "closes a connection without a request for so long",
      at_least(1));
    v("request_timeout_ms", request_timeout_ms, "time for a whole request to arrive", at_least(1));
    v("write_timeout_ms", write_timeout_ms, "a client that takes nothing for so long is gone",
      at_least(1));
    v("stop_grace_ms", stop_grace_ms,
      "time for replies in progress when stopping; then they end with an error", at_least(0));
    v("allowed_hosts", allowed_hosts, "further names that this server is asked by, without port");
    v("allowed_origins", allowed_origins,
      "web pages and apps of other origins that may ask: https://chat.example, app://notes");
  }
};

/// One thread at a time may stop it.
class HttpServer {
 public:
  /// Listens and serves in a thread of its own.
  /// Errors: invalid_argument for a bad address or limit, or as WebAccess::make; io_error when it
  /// cannot listen.
  static Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options,
                                                   std::vector<HttpRoute> routes);
  ~HttpServer();  // NOLINT(bugprone-exception-escape): see http.cpp

  std::uint16_t port() const;

  /// Connections open at this moment. Any thread.
  std::size_t connection_count() const;

  /// From now on takes no connection, closes those on which no whole header has arrived, and
  /// answers 503 to requests whose bodies are still arriving. Returns at once.
  void refuse_new();

  /// Waits until no reply is in progress, or stop_grace_ms have passed since refuse_new().
  /// REQUIRES: refuse_new(). Not from a handler.
  void await_replies();

  /// Does both, sends what is written of the replies within a second, closes all connections, and
  /// returns when the thread has ended. Whoever writes replies may end them in between:
  /// refuse_new(), await_replies(), end what is left, stop(). Not from a handler.
  void stop();

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace aludel::serve
