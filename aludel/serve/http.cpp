#include "aludel/serve/http.h"

#include <chrono>
#include <thread>
#include <utility>

#include "aludel/serve/http_loop.h"

namespace aludel::serve {

using Clock = std::chrono::steady_clock;

struct HttpServer::Running {
  std::unique_ptr<HttpLoop> loop;
  std::chrono::milliseconds grace;
  std::uint16_t port;
  Clock::time_point grace_end = {};  // set when it stops
  bool stopping = false;
  std::thread thread = {};
};

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

// NOLINTNEXTLINE(bugprone-exception-escape): cancelling throws for a closed descriptor only
HttpServer::~HttpServer() {
  stop();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options,
                                                      std::vector<HttpRoute> routes) {
  HttpRouter router = ALUDEL_TRY(HttpRouter::make(options, std::move(routes)));
  auto loop = ALUDEL_TRY(HttpLoop::listen(options, std::move(router)));
  const std::uint16_t port = loop->port();
  auto running = std::make_unique<Running>(
      Running{std::move(loop), std::chrono::milliseconds(options.stop_grace_ms), port});
  running->thread = std::thread([serving = running->loop.get()] { serving->run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(running)));
}

std::uint16_t HttpServer::port() const {
  return running_->port;
}

std::size_t HttpServer::connection_count() const {
  return running_->loop->connection_count();
}

void HttpServer::refuse_new() {
  if (std::exchange(running_->stopping, true)) return;
  running_->grace_end = Clock::now() + running_->grace;
  running_->loop->refuse_new();
}

void HttpServer::await_replies() {
  while (running_->loop->reply_count() > 0 && Clock::now() < running_->grace_end)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

void HttpServer::stop() {
  if (!running_->thread.joinable()) return;
  refuse_new();
  await_replies();
  running_->loop->close_soon();
  running_->thread.join();
}

}  // namespace aludel::serve
