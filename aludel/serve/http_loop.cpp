#include "aludel/serve/http_loop.h"

#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/serve/http_framing.h"
#include "aludel/serve/http_message.h"

namespace aludel::serve {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using net::ip::tcp;
using net::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls): is

namespace {

constexpr auto kTuple = net::as_tuple(net::use_awaitable);
using Clock = std::chrono::steady_clock;

/// One open connection; lives in its coroutine and is touched by the server's thread only.
struct Connection {
  explicit Connection(tcp::socket socket)
      : stream(std::move(socket)), wake(stream.get_executor()) {}

  std::string_view arrived() const {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
  }

  std::uint64_t id = 0;  // of its current request: a reply to an earlier one finds nobody
  beast::tcp_stream stream;
  beast::flat_buffer buffer;
  net::steady_timer wake;     // moved into the past when the reply has something new
  HttpHeaders reply_headers;  // of whatever its current request is answered with
  bool is_arriving = true;    // its request is not whole: a stop ends the wait for it
};

enum class Outcome : std::uint8_t { next_request, close };

/// The loop over Asio.
struct HttpCore final : HttpLoop {
  HttpCore(const HttpOptions& given, HttpRouter router_of_all)
      : options(given), router(std::move(router_of_all)) {}

  HttpOptions options;
  HttpRouter router;
  BodyBudget arriving{static_cast<std::size_t>(options.max_arriving_bytes)};
  net::io_context io{1};
  tcp::acceptor acceptor{io};
  net::steady_timer last_words{io};
  std::map<std::uint64_t, Connection*> connections;  // of the server's thread only
  std::atomic<std::size_t> open_connections = 0;
  std::uint64_t next_id = 1;
  std::atomic<bool> stopping = false;
  ReplyTable replies{[this](std::uint64_t id) { wake(id); }};

  void run() override {
    io.run();
    replies.close_all();
  }

  void refuse_new() override;
  void close_soon() override;

  std::uint16_t port() const override {
    beast::error_code ignored;
    return acceptor.local_endpoint(ignored).port();
  }

  std::size_t connection_count() const override { return open_connections; }

  std::size_t reply_count() const override { return replies.size(); }

  net::awaitable<void> accept_loop();
  net::awaitable<void> serve(Connection& connection);
  net::awaitable<Outcome> serve_request(Connection& connection);
  net::awaitable<bool> read_more(Connection& connection);
  net::awaitable<bool> skip_line_ends(Connection& connection);
  net::awaitable<bool> await_header(Connection& connection);
  net::awaitable<Outcome> refuse(Connection& connection, beast::error_code reason);
  net::awaitable<Outcome> refuse(Connection& connection, HttpResponse response);
  net::awaitable<bool> write_whole(Connection& connection, HttpResponse response, Framing framing);
  net::awaitable<bool> write_reply(Connection& connection, Framing framing);
  net::awaitable<bool> write_stream(Connection& connection, Framing framing, ReplyNews news);
  net::awaitable<bool> await_news(Connection& connection);
  void renumber(Connection& connection);
  void wake(std::uint64_t id);
};

net::awaitable<void> HttpCore::accept_loop() {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kTuple);
    if (stopping) co_return;
    if (error) {  // out of file handles, most likely: give connections time to end
      net::steady_timer pause(io, std::chrono::milliseconds(50));
      co_await pause.async_wait(kTuple);
      continue;
    }
    socket.set_option(tcp::no_delay(true), error);  // works without, too
    socket.non_blocking(true, error);
    ++open_connections;
    net::co_spawn(
        io,
        [this, accepted = std::move(socket)]() mutable -> net::awaitable<void> {
          Connection connection(std::move(accepted));
          co_await serve(connection);
          connections.erase(connection.id);
          --open_connections;
          if (stopping && connections.empty()) last_words.cancel();
        },
        [](const std::exception_ptr& failure) {
          if (failure) log_warning("[serve] a connection ended by a bug");
        });
  }
}

net::awaitable<void> HttpCore::serve(Connection& connection) {
  renumber(connection);
  const bool is_full = connections.size() > static_cast<std::size_t>(options.max_connections);
  // NOLINTNEXTLINE(*-braces-*)
  if (is_full) co_await write_whole(connection, error_response(503, "too many connections"), {});
  auto outcome = is_full ? Outcome::close : Outcome::next_request;
  while (outcome == Outcome::next_request) {  // GCC 12 breaks a loop that waits in its condition
    outcome = co_await serve_request(connection);
  }
  connection.stream.close();
}

net::awaitable<Outcome> HttpCore::serve_request(Connection& connection) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
  parser.body_limit(static_cast<std::uint64_t>(options.max_body_bytes));
  connection.is_arriving = true;
  connection.reply_headers.clear();
  connection.stream.expires_after(std::chrono::milliseconds(options.idle_timeout_ms));
  if (!co_await skip_line_ends(connection)) co_return Outcome::close;
  connection.stream.expires_after(std::chrono::milliseconds(options.request_timeout_ms));
  if (!co_await await_header(connection)) co_return Outcome::close;
  if (has_folded_line(whole_header(connection.arrived()))) {
    co_return co_await refuse(connection, error_response(400, "a line of the header is folded"));
  }
  auto [header_error, header_bytes] =
      co_await http::async_read_header(connection.stream, connection.buffer, parser, kTuple);
  if (header_error) co_return co_await refuse(connection, header_error);  // NOLINT(*-braces-*)
  if (!parser.get()[http::field::transfer_encoding].empty() && !parser.chunked()) {
    co_return co_await refuse(connection, http::error::bad_transfer_encoding);
  }
  const std::size_t size = parser.content_length().value_or(
      parser.chunked() ? static_cast<std::size_t>(options.max_body_bytes) : 0);
  if (!arriving.has_room(size)) {
    co_return co_await refuse(connection, error_response(503, "too many bodies are arriving"));
  }
  std::optional<BodyBudget::Share> share(std::in_place, arriving, size);
  if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
    http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
    connection.stream.expires_after(std::chrono::milliseconds(options.write_timeout_ms));
    auto [error, bytes] = co_await http::async_write(connection.stream, go_on, kTuple);
    if (error && !stopping) co_return Outcome::close;
  }
  connection.stream.expires_after(std::chrono::milliseconds(options.request_timeout_ms));
  parser.eager(true);  // takes all that a read brings
  beast::error_code body_error;
  while (!parser.is_done() && !body_error && !stopping) {
    auto read =
        co_await http::async_read_some(connection.stream, connection.buffer, parser, kTuple);
    body_error = std::get<0>(read);
  }
  share.reset();
  connection.is_arriving = false;
  if (stopping) co_return co_await refuse(connection, stopping_response());  // NOLINT(*-braces-*)
  if (body_error) co_return co_await refuse(connection, body_error);         // NOLINT(*-braces-*)
  connection.stream.expires_never();
  const Framing framing{parser.get().version(), parser.get().keep_alive(),
                        parser.get().method() == http::verb::head ? SendBody::no : SendBody::yes};
  renumber(connection);
  connection.reply_headers =
      router.dispatch(plain_request(parser.get()), replies.open(connection.id));
  const bool delivered = co_await write_reply(connection, framing);
  replies.close(connection.id);
  if (!delivered || !framing.keep_alive || stopping) co_return Outcome::close;
  co_return Outcome::next_request;
}

/// Appends what comes next to the buffer. False: nothing comes, or nothing more is waited for.
net::awaitable<bool> HttpCore::read_more(Connection& connection) {
  if (stopping) co_return false;
  auto [error, bytes] =
      co_await connection.stream.async_read_some(connection.buffer.prepare(kReadBytes), kTuple);
  connection.buffer.commit(error ? 0 : bytes);
  co_return !error;
}

/// Waits for the first byte of a request behind line ends. False: as read_more.
net::awaitable<bool> HttpCore::skip_line_ends(Connection& connection) {
  for (std::size_t skipped = 0; skipped <= kMostLineEnds;) {
    const std::string_view arrived = connection.arrived();
    const std::size_t ends = std::min(arrived.find_first_not_of("\r\n"), arrived.size());
    connection.buffer.consume(ends);
    if (ends < arrived.size()) co_return true;
    skipped += ends;
    if (!co_await read_more(connection)) co_return false;
  }
  co_return false;
}

/// Waits for a whole header, or for more bytes than one may have. False: as read_more.
net::awaitable<bool> HttpCore::await_header(Connection& connection) {
  for (;;) {
    const std::string_view arrived = connection.arrived();
    if (!whole_header(arrived).empty()) co_return true;
    if (arrived.size() > static_cast<std::size_t>(options.max_header_bytes)) co_return true;
    if (!co_await read_more(connection)) co_return false;
  }
}

/// Says why a request was not understood, where the client can still hear it.
net::awaitable<Outcome> HttpCore::refuse(Connection& connection, beast::error_code reason) {
  HttpResponse response = error_response(400, "this is not HTTP/1.1: " + reason.message());
  if (reason == http::error::body_limit) {
    response = too_large(413, "body", options.max_body_bytes);
  } else if (reason == http::error::header_limit || reason == http::error::buffer_overflow) {
    response = too_large(431, "header", options.max_header_bytes);
  } else if (reason.category() != make_error_code(http::error::bad_method).category() ||
             reason == http::error::end_of_stream || reason == http::error::partial_message) {
    co_return Outcome::close;
  }
  co_return co_await refuse(connection, std::move(response));
}

net::awaitable<Outcome> HttpCore::refuse(Connection& connection, HttpResponse response) {
  co_await write_whole(connection, std::move(response), {});
  // The rest of what the client sends is read for a moment, else it sees a reset and no reply.
  beast::error_code ignored;
  connection.stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> rest{};
  for (const auto end = Clock::now() + kRestOfRequest; Clock::now() < end;) {
    connection.stream.expires_after(stopping ? kRestWhenStopping : kRestOfRequest);
    auto [error, bytes] = co_await connection.stream.async_read_some(net::buffer(rest), kTuple);
    if (error) break;
  }
  co_return Outcome::close;
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

void HttpCore::refuse_new() {
  stopping = true;
  net::post(io, [this] {
    beast::error_code ignored;
    acceptor.close(ignored);
    for (const auto& [id, connection] : connections) {
      if (connection->is_arriving) connection->stream.cancel();
    }
  });
}

void HttpCore::close_soon() {
  net::post(io, [this] {
    last_words.expires_after(connections.empty() ? std::chrono::milliseconds(0) : kLastWords);
    last_words.async_wait([this](beast::error_code) { io.stop(); });
  });
}

net::awaitable<bool> HttpCore::write_whole(Connection& connection, HttpResponse response,
                                           Framing framing) {
  connection.is_arriving = false;
  http::response<http::string_body> message(
      http::int_to_status(static_cast<unsigned>(response.status)), framing.version);
  set_common(message, response, connection.reply_headers, framing.keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  if (framing.body == SendBody::no) message.body().clear();  // its length stays in the header
  connection.stream.expires_after(std::chrono::milliseconds(options.write_timeout_ms));
  auto [error, bytes] = co_await http::async_write(connection.stream, message, kTuple);
  co_return !error;
}

/// Waits for news of the reply (true) or the client's end (false); a next request is kept.
net::awaitable<bool> HttpCore::await_news(Connection& connection) {
  tcp::socket& socket = connection.stream.socket();
  if (connection.buffer.size() >= kReadAheadBytes) {
    net::steady_timer look(io, kLookAfter);
    const auto first = co_await (connection.wake.async_wait(kTuple) || look.async_wait(kTuple));
    co_return first.index() == 0 || !has_left(socket.native_handle());
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
  set_common(message, news.response, connection.reply_headers, framing.keep_alive && chunked);
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

}  // namespace

Result<std::unique_ptr<HttpLoop>> HttpLoop::listen(const HttpOptions& options, HttpRouter router) {
  const auto fail = [&](Code code, const std::string& what) {
    return Error{
        code, fmt::format("[serve] cannot listen on {}:{}: {}", options.host, options.port, what)};
  };
  beast::error_code error;
  const auto address =
      net::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
  if (error) return fail(Code::invalid_argument, "this is no IP address");
  auto core = std::make_unique<HttpCore>(options, std::move(router));
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
  tcp::acceptor& acceptor = core->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(Code::io_error, error.message() + "; port 0 takes any free one");
  net::co_spawn(core->io, core->accept_loop(), net::detached);
  return std::unique_ptr<HttpLoop>(std::move(core));
}

}  // namespace aludel::serve
