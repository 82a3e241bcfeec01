#pragma once
// A client of raw sockets for tests of the server: it can also misbehave.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace aludel {

struct TestResponse {
  int status = 0;  // 0: the connection ended before a status line
  std::string head;
  std::string body;
  bool complete = false;  // the body ended as its framing says
};

class TestClient {
 public:
  explicit TestClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  ~TestClient() { close(); }

  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool connected() const { return connected_; }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// A request with a body, answered.
  TestResponse post(std::string_view path, std::string_view body, std::string_view headers = "") {
    send("POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" + std::string(body));
    return read_response();
  }

  TestResponse get(std::string_view path, std::string_view headers = "") {
    send("GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) +
         "\r\n");
    return read_response();
  }

  /// Everything up to and with `mark`; less if the connection ends first.
  std::string read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = buffer_.find(mark)) == std::string::npos && receive()) {
    }
    return take(at == std::string::npos ? buffer_.size() : at + mark.size());
  }

  TestResponse read_response() {
    TestResponse response;
    response.head = read_until("\r\n\r\n");
    if (!response.head.starts_with("HTTP/1.") || response.head.size() < 12) return response;
    response.status = std::atoi(response.head.c_str() + 9);
    if (response.head.find("chunked") != std::string::npos) {
      read_chunks(response);
    } else if (const std::string size = header(response.head, "Content-Length: "); !size.empty()) {
      const auto wanted = static_cast<std::size_t>(std::atol(size.c_str()));
      while (buffer_.size() < wanted && receive()) {
      }
      response.body = take(wanted);
      response.complete = response.body.size() == wanted;
    } else {
      while (receive()) {
      }
      response.body = take(buffer_.size());
    }
    return response;
  }

  static std::string header(std::string_view head, std::string_view name) {
    const std::size_t at = head.find(name);
    if (at == std::string_view::npos) return "";
    const std::size_t begin = at + name.size();
    return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
  }

 private:
  bool receive() {
    char bytes[4096];
    const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  void read_chunks(TestResponse& response) {
    for (;;) {
      const std::string line = read_until("\r\n");
      if (!line.ends_with("\r\n")) return;
      const auto size = static_cast<std::size_t>(std::strtoul(line.c_str(), nullptr, 16));
      while (buffer_.size() < size + 2 && receive()) {
      }
      if (buffer_.size() < size + 2) return;
      response.body += take(size);
      take(2);
      if (size == 0) {
        response.complete = true;
        return;
      }
    }
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace aludel
