#include "aludel/serve/http_core.h"

#include <array>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/serve/http_route.h"

namespace aludel::serve {

namespace http = boost::beast::http;

namespace {

/// Line ends that a client may put in front of a request, RFC 9112 section 2.2.
constexpr std::size_t kMostLineEnds = 64;
constexpr std::size_t kReadBytes = 4096;

HttpRequest plain_request(http::request<http::string_body>& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  for (const auto& field : message) {
    request.headers.emplace_back(field.name_string(), field.value());
  }
  set_target(request, std::string(message.target()));
  request.body = std::move(message.body());
  return request;
}

}  // namespace

net::awaitable<void> HttpCore::accept_loop() {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kTuple);
    if (stopping) co_return;
    if (error) {  // out of file handles, most likely: give connections time to end
      net::steady_timer pause(io, std::chrono::milliseconds(50));
      co_await pause.async_wait(kTuple);
      continue;
    }
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    ++connection_count;
    net::co_spawn(
        io,
        [this, accepted = std::move(socket)]() mutable -> net::awaitable<void> {
          Connection connection(std::move(accepted));
          co_await serve(connection);
          connections.erase(connection.id);
          --connection_count;
          if (stopping && connections.empty()) grace.cancel();
        },
        [](const std::exception_ptr& failure) {
          if (failure) log_warning("[serve] a connection ended by a bug");
        });
  }
}

net::awaitable<void> HttpCore::serve(Connection& connection) {
  renumber(connection);
  if (connections.size() > static_cast<std::size_t>(options.max_connections)) {
    co_await write_whole(connection, error_response(503, "too many connections"), {});
  } else {
    while (co_await serve_request(connection) == Outcome::next_request) {
    }
  }
  beast::error_code ignored;
  connection.stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  connection.stream.close();
}

net::awaitable<Outcome> HttpCore::serve_request(Connection& connection) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  parser.body_limit(static_cast<std::uint64_t>(options.max_body_bytes));
  connection.reading_request = true;
  connection.reply_headers.clear();
  connection.stream.expires_after(std::chrono::milliseconds(options.idle_timeout_ms));
  if (!co_await skip_line_ends(connection) || stopping) co_return Outcome::close;
  connection.stream.expires_after(std::chrono::milliseconds(options.request_timeout_ms));
  auto [header_error, header_bytes] =
      co_await http::async_read_header(connection.stream, connection.buffer, parser, kTuple);
  if (header_error) co_return co_await refuse(connection, header_error);  // NOLINT(*-braces-*)
  connection.reading_request = false;
  if (!parser.get()[http::field::transfer_encoding].empty() && !parser.chunked()) {
    co_return co_await refuse(connection, http::error::bad_transfer_encoding);
  }
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
    connection.stream.expires_after(std::chrono::milliseconds(options.write_timeout_ms));
    auto [error, bytes] = co_await http::async_write(connection.stream, go_on, kTuple);
    if (error) co_return Outcome::close;
  }
  connection.stream.expires_after(std::chrono::milliseconds(options.request_timeout_ms));
  auto [body_error, body_bytes] =
      co_await http::async_read(connection.stream, connection.buffer, parser, kTuple);
  if (body_error) co_return co_await refuse(connection, body_error);  // NOLINT(*-braces-*)
  connection.stream.expires_never();
  const bool is_head = parser.get().method() == http::verb::head;
  const Framing framing{parser.get().version(), parser.get().keep_alive() && !stopping,
                        is_head ? SendBody::no : SendBody::yes};
  renumber(connection);
  dispatch(connection, plain_request(parser.get()));
  const bool delivered = co_await write_reply(connection, framing);
  replies.close(connection.id);
  if (!delivered || !framing.keep_alive || stopping) co_return Outcome::close;
  co_return Outcome::next_request;
}

/// Waits for the first byte of a request; before it, line ends mean nothing. False: the client
/// left.
net::awaitable<bool> HttpCore::skip_line_ends(Connection& connection) {
  for (std::size_t skipped = 0; skipped <= kMostLineEnds;) {
    while (connection.buffer.size() > 0) {
      const char first = *static_cast<const char*>(connection.buffer.data().data());
      if ((first != '\r' && first != '\n') || skipped > kMostLineEnds) co_return true;
      connection.buffer.consume(1);
      ++skipped;
    }
    auto [error, bytes] =
        co_await connection.stream.async_read_some(connection.buffer.prepare(kReadBytes), kTuple);
    if (error) co_return false;
    connection.buffer.commit(bytes);
  }
  co_return true;
}

/// Says why a request was not understood, where the client can still hear it.
net::awaitable<Outcome> HttpCore::refuse(Connection& connection, beast::error_code reason) {
  HttpResponse response;
  if (reason == http::error::body_limit) {
    response = error_response(
        413, fmt::format("the body is larger than {} bytes", options.max_body_bytes));
  } else if (reason == http::error::header_limit || reason == http::error::buffer_overflow) {
    response = error_response(
        431, fmt::format("the header is larger than {} bytes", options.max_header_bytes));
  } else if (reason.category() == make_error_code(http::error::bad_method).category() &&
             reason != http::error::end_of_stream && reason != http::error::partial_message) {
    response = error_response(400, "this is not HTTP/1.1: " + reason.message());
  } else {
    co_return Outcome::close;
  }
  co_await write_whole(connection, std::move(response), {});
  // The rest of what the client sends is read for a moment, else it sees a reset and no reply.
  beast::error_code ignored;
  connection.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  connection.stream.expires_after(std::chrono::milliseconds(500));
  std::array<char, 4096> rest{};
  for (int i = 0; i < 4096; ++i) {
    auto [error, bytes] = co_await connection.stream.async_read_some(net::buffer(rest), kTuple);
    if (error) break;
  }
  co_return Outcome::close;
}

void HttpCore::dispatch(Connection& connection, HttpRequest request) {
  HttpReply reply = replies.open(connection.id);
  WebAccess::Verdict verdict = access.judge(request);
  connection.reply_headers = std::move(verdict.headers);
  if (verdict.answer) {
    reply.send(std::move(*verdict.answer));
    return;
  }
  const HttpRoute* route = find_route(routes, request);
  if (route == nullptr) {
    reply.send(no_route_response(routes, request));
    return;
  }
  try {
    route->handler(std::move(request), std::move(reply));
  } catch (const std::exception& bug) {  // the reply was dropped on the way: a 500
    log_warning("[serve] a bug, please report it: {}", bug.what());
  }
}

void HttpCore::renumber(Connection& connection) {
  connections.erase(connection.id);
  connection.id = next_id++;
  connections.emplace(connection.id, &connection);
}

void HttpCore::wake(std::uint64_t id) {
  net::post(io, [this, id] {
    const auto found = connections.find(id);
    if (found != connections.end()) found->second->wake.expires_at(Clock::time_point::min());
  });
}

void HttpCore::stop_soon() {
  beast::error_code ignored;
  acceptor.close(ignored);
  for (const auto& [id, connection] : connections) {
    if (connection->reading_request) connection->stream.cancel();
  }
  grace.expires_after(std::chrono::milliseconds(connections.empty() ? 0 : options.stop_grace_ms));
  grace.async_wait([this](beast::error_code) { io.stop(); });
}

}  // namespace aludel::serve
