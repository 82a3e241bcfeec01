#pragma once
// The inside of HttpServer: its connections, each a coroutine of the one thread that moves bytes.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>

#include "aludel/serve/http.h"
#include "aludel/serve/http_access.h"
#include "aludel/serve/http_reply.h"

namespace aludel::serve {

namespace net = boost::asio;
namespace beast = boost::beast;
using net::ip::tcp;

inline constexpr auto kTuple = net::as_tuple(net::use_awaitable);
using Clock = std::chrono::steady_clock;

/// One open connection; lives in its coroutine and is touched by the server's thread only.
struct Connection {
  explicit Connection(tcp::socket socket)
      : stream(std::move(socket)), wake(stream.get_executor()) {}

  std::uint64_t id = 0;  // of its current request: a reply to an earlier one finds nobody
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  net::steady_timer wake;     // moved into the past when the reply has something new
  HttpHeaders reply_headers;  // of whatever its current request is answered with
  bool reading_request = true;
};

/// Whether a reply's body follows its header; to HEAD it does not, RFC 9110 section 9.3.2.
enum class SendBody : std::uint8_t { yes, no };

/// How the client wants its reply framed.
struct Framing {
  unsigned version = 11;
  bool keep_alive = false;
  SendBody body = SendBody::yes;
};

enum class Outcome : std::uint8_t { next_request, close };

struct HttpCore {
  explicit HttpCore(WebAccess rules) : access(std::move(rules)) {}

  HttpOptions options;
  WebAccess access;
  std::vector<HttpRoute> routes;
  net::io_context io{1};
  tcp::acceptor acceptor{io};
  net::steady_timer grace{io};
  std::map<std::uint64_t, Connection*> connections;  // of the server's thread only
  std::atomic<std::size_t> connection_count = 0;
  std::uint64_t next_id = 1;
  std::atomic<bool> stopping = false;
  std::uint16_t port = 0;
  ReplyTable replies{[this](std::uint64_t id) { wake(id); }};
  std::thread thread;

  net::awaitable<void> accept_loop();
  net::awaitable<void> serve(Connection& connection);
  net::awaitable<Outcome> serve_request(Connection& connection);
  net::awaitable<bool> skip_line_ends(Connection& connection);
  net::awaitable<Outcome> refuse(Connection& connection, beast::error_code reason);
  net::awaitable<bool> write_whole(Connection& connection, HttpResponse response, Framing framing);
  net::awaitable<bool> write_reply(Connection& connection, Framing framing);
  net::awaitable<bool> write_stream(Connection& connection, Framing framing, ReplyNews news);
  net::awaitable<bool> await_news(Connection& connection);
  void dispatch(Connection& connection, HttpRequest request);
  void renumber(Connection& connection);
  void wake(std::uint64_t id);
  void stop_soon();
};

}  // namespace aludel::serve
