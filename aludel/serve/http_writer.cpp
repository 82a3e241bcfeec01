#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <poll.h>

#include "aludel/serve/http_core.h"

namespace aludel::serve {

namespace http = boost::beast::http;
using net::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls): is

namespace {

/// What a client may send ahead while its reply is written.
constexpr std::size_t kReadAheadBytes = std::size_t{64} << 10;

/// How often a client that has sent more than that is looked after.
constexpr std::chrono::milliseconds kLookAfter(200);

template <class Body>
void set_common(http::response<Body>& message, const HttpResponse& response,
                const Connection& connection, bool keep_alive) {
  message.set(http::field::server, "aludel");
  message.set(http::field::content_type, response.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : connection.reply_headers) {
    message.set(name, value);
  }
  for (const auto& [name, value] : response.headers) {
    message.set(name, value);
  }
  message.keep_alive(keep_alive);
}

/// Whether the client has closed its end, though bytes of it may lie unread before that.
bool is_closed(tcp::socket& socket) {
  pollfd state{.fd = socket.native_handle(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

net::awaitable<bool> HttpCore::write_whole(Connection& connection, HttpResponse response,
                                           Framing framing) {
  http::response<http::string_body> message(
      http::int_to_status(static_cast<unsigned>(response.status)), framing.version);
  set_common(message, response, connection, framing.keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  if (framing.body == SendBody::no) message.body().clear();  // its length stays in the header
  connection.stream.expires_after(std::chrono::milliseconds(options.write_timeout_ms));
  auto [error, bytes] = co_await http::async_write(connection.stream, message, kTuple);
  co_return !error;
}

/// Waits until the reply may have news (true) or the client has closed its end (false). A next
/// request that comes meanwhile is kept for its turn: behind it the client may leave, too.
net::awaitable<bool> HttpCore::await_news(Connection& connection) {
  tcp::socket& socket = connection.stream.socket();
  if (connection.buffer.size() >= kReadAheadBytes) {
    net::steady_timer look(io, kLookAfter);
    const auto first = co_await (connection.wake.async_wait(kTuple) || look.async_wait(kTuple));
    co_return first.index() == 0 || !is_closed(socket);
  }
  const auto first = co_await (connection.wake.async_wait(kTuple) ||
                               socket.async_wait(tcp::socket::wait_read, kTuple));
  if (first.index() == 0) co_return true;
  beast::error_code error;
  const std::size_t room = kReadAheadBytes - connection.buffer.size();
  const std::size_t size = socket.receive(connection.buffer.prepare(room), 0, error);
  if (error == net::error::would_block) co_return true;
  connection.buffer.commit(error ? 0 : size);
  co_return !error && size > 0;
}

net::awaitable<bool> HttpCore::write_reply(Connection& connection, Framing framing) {
  for (;;) {
    connection.wake.expires_at(Clock::time_point::max());
    ReplyNews news = replies.take(connection.id);
    if (news.phase == ReplyPhase::streaming) {
      co_return co_await write_stream(connection, framing, std::move(news));
    }
    if (news.phase == ReplyPhase::whole) {
      co_return co_await write_whole(connection, std::move(news.response), framing);
    }
    if (!co_await await_news(connection)) co_return false;
  }
}

net::awaitable<bool> HttpCore::write_stream(Connection& connection, Framing framing,
                                            ReplyNews news) {
  const auto patience = std::chrono::milliseconds(options.write_timeout_ms);
  const bool chunked = framing.version >= 11;  // to HTTP/1.0, the end is the connection's end
  http::response<http::empty_body> message(http::status::ok, framing.version);
  set_common(message, news.response, connection, framing.keep_alive && chunked);
  message.set(http::field::cache_control, "no-cache");
  message.chunked(chunked);
  http::response_serializer<http::empty_body> serializer(message);
  connection.stream.expires_after(patience);
  auto [error, written] = co_await http::async_write_header(connection.stream, serializer, kTuple);
  if (framing.body == SendBody::no) co_return !error && chunked;  // NOLINT(*-braces-*)
  while (!error) {
    connection.stream.expires_after(patience);
    if (!news.bytes.empty() && chunked) {
      std::tie(error, written) = co_await net::async_write(
          connection.stream, http::make_chunk(net::buffer(news.bytes)), kTuple);
    } else if (!news.bytes.empty()) {
      std::tie(error, written) =
          co_await net::async_write(connection.stream, net::buffer(news.bytes), kTuple);
    }
    if (error || news.end == ReplyEnd::cut) break;
    if (news.end == ReplyEnd::complete) {
      if (!chunked) break;
      std::tie(error, written) =
          co_await net::async_write(connection.stream, http::make_chunk_last(), kTuple);
      co_return !error;
    }
    connection.stream.expires_never();
    connection.wake.expires_at(Clock::time_point::max());
    news = replies.take(connection.id);
    if (news.is_empty() && !co_await await_news(connection)) break;
  }
  co_return false;
}

}  // namespace aludel::serve
