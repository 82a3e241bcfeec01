#pragma once
// A web server of raw sockets for tests of clients: a handler answers, and can misbehave.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "aludel/io/remote/http_client.h"

namespace aludel {

/// Tries again at once.
inline constexpr io::HttpPatience kImpatient = {.attempts = 3,
                                                .first_wait_seconds = 0.001,
                                                .longest_wait_seconds = 0.002,
                                                .connect_seconds = 5,
                                                .stalled_seconds = 5};

struct ServedRequest {
  std::string method;
  std::string target;  // path and query
  io::Headers headers;
  std::string body;
};

struct ServedReply {
  int status = 200;
  std::vector<io::Header> headers = {};
  std::string body = {};
  /// Bytes of the body that are sent before the connection is cut; all of them by default.
  std::size_t cut_at = std::string::npos;
  bool hangs_up = false;  // without any reply
  bool says_length = true;
  bool is_silent = false;  // no reply, until the client hangs up
  bool drips = false;      // a byte of the body every tenth of a second
};

/// Answers one request a connection, in a thread of its own, until it is destroyed.
class TestServer {
 public:
  using Handler = std::function<ServedReply(const ServedRequest&)>;

  explicit TestServer(Handler handler)
      : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener_, 64);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }

  ~TestServer() {
    ends_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url(std::string_view target = "") const {
    return fmt::format("http://127.0.0.1:{}{}", port_, target);
  }

  /// What was asked so far.
  std::vector<ServedRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    while (!ends_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) continue;
      const timeval patience{.tv_sec = 10, .tv_usec = 0};
      ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      answer(connection);
      ::close(connection);
    }
  }

  void answer(int connection) {
    std::string bytes;
    std::size_t end = std::string::npos;
    while ((end = bytes.find("\r\n\r\n")) == std::string::npos) {
      if (!receive(connection, bytes)) return;
    }
    ServedRequest request;
    std::string_view head = bytes;
    const std::string_view line = io::take_line(head);
    const std::size_t space = line.find(' ');
    request.method = line.substr(0, space);
    request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
    request.headers = io::read_headers(head);
    if (request.headers.get("expect") == "100-continue") {
      send(connection, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    const std::string length(request.headers.get("content-length"));
    const std::size_t wanted = end + 4 + (length.empty() ? 0 : std::stoul(length));
    while (bytes.size() < wanted && receive(connection, bytes)) {
    }
    request.body = bytes.substr(end + 4);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    reply(connection, request, handler_(request));
  }

  static void reply(int connection, const ServedRequest& request, const ServedReply& reply) {
    if (reply.hangs_up) return;
    if (reply.is_silent) {
      std::string ignored;
      while (receive(connection, ignored)) {
      }
      return;
    }
    std::string head = fmt::format("HTTP/1.1 {} Status\r\nConnection: close\r\n", reply.status);
    bool has_length = !reply.says_length;
    for (const io::Header& header : reply.headers) {
      head += header.name + ": " + header.value + "\r\n";
      has_length = has_length || header.name == "Content-Length";
    }
    if (!has_length) head += fmt::format("Content-Length: {}\r\n", reply.body.size());
    send(connection, head + "\r\n");
    if (request.method == "HEAD") return;
    const std::string_view body = std::string_view(reply.body).substr(0, reply.cut_at);
    for (std::size_t i = 0; reply.drips && i < body.size(); ++i) {
      if (!send(connection, body.substr(i, 1))) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    if (!reply.drips) send(connection, body);
  }

  static bool receive(int connection, std::string& bytes) {
    char buffer[65536];
    const auto count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count > 0) bytes.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }

  /// False when the client has hung up.
  static bool send(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Handler handler_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  mutable std::mutex mutex_;
  std::vector<ServedRequest> requests_;
  std::thread thread_;
};

/// Serves one file, by ranges where they are asked for.
inline ServedReply serve_file(const ServedRequest& request, const std::string& file) {
  const std::string range(request.headers.get("range"));
  if (range.empty()) return {.headers = {{"ETag", "\"1\""}}, .body = file};
  const std::size_t dash = range.find('-');
  const std::size_t begin = std::stoul(range.substr(6, dash - 6));
  const std::size_t end = std::min(std::stoul(range.substr(dash + 1)) + 1, file.size());
  return {
      .status = 206,
      .headers = {{"ETag", "\"1\""},
                  {"Content-Range", fmt::format("bytes {}-{}/{}", begin, end - 1, file.size())}},
      .body = file.substr(begin, end - begin)};
}

}  // namespace aludel
