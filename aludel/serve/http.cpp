#include "aludel/serve/http.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "aludel/serve/http_core.h"

namespace aludel::serve {

HttpServer::HttpServer(std::unique_ptr<HttpCore> core) : core_(std::move(core)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): cancelling throws for a closed descriptor only
HttpServer::~HttpServer() {
  stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options,
                                                      std::vector<HttpRoute> routes) {
  const auto fail = [&](Code code, const std::string& what) {
    return Error{
        code, fmt::format("[serve] cannot listen on {}:{}: {}", options.host, options.port, what)};
  };
  if (options.port < 0 || options.port > 65535) return fail(Code::invalid_argument, "no such port");
  if (options.max_header_bytes < 256 || options.max_header_bytes > (1 << 30) ||
      options.max_body_bytes < 0 || options.max_connections < 1) {
    return fail(Code::invalid_argument, "a limit is out of range");
  }
  beast::error_code error;
  const auto address =
      net::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
  if (error) return fail(Code::invalid_argument, "this is no IP address");
  auto access = WebAccess::make({.hosts = options.allowed_hosts,
                                 .origins = options.allowed_origins,
                                 .listens_on = options.host,
                                 .any_host = options.any_host});
  if (!access) return std::move(access).error();
  auto core = std::make_unique<HttpCore>(std::move(access).value());
  core->options = options;
  core->routes = std::move(routes);
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
  tcp::acceptor& acceptor = core->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(Code::io_error, error.message() + "; port 0 takes any free one");
  core->port = acceptor.local_endpoint(error).port();
  HttpCore* const running = core.get();
  net::co_spawn(core->io, running->accept_loop(), net::detached);
  core->thread = std::thread([running] { running->io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

std::uint16_t HttpServer::port() const {
  return core_->port;
}

std::size_t HttpServer::connection_count() const {
  return core_->connection_count;
}

void HttpServer::stop() {
  if (core_->stopping.exchange(true)) return;
  net::post(core_->io, [core = core_.get()] { core->stop_soon(); });
  core_->thread.join();
  core_->replies.close_all();
}

}  // namespace aludel::serve
