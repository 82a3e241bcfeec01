#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/io/http_response.h"

namespace aludel::io {

/// Signs a request as Amazon's services and their likes want it (Signature Version 4).
struct AwsSigning {
  std::string region;
  std::string key_id;
  std::string secret;
  std::string session_token;  // of temporary credentials, else empty
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // http or https, percent-encoded; its query sorted where the request is signed
  std::vector<Header> headers = {};
  std::string_view body = {};  // must live until send() returns
  std::uint64_t max_reply_bytes = std::uint64_t{64} << 20;
  const AwsSigning* signing = nullptr;
};

struct HttpReply {
  int status = 0;
  Headers headers;
  std::string body;  // as it came: content codings are not undone
};

/// How patient a client is: every request, file and host has an end, whatever a server does.
struct HttpPatience {
  int attempts = 6;
  double first_wait_seconds = 0.2;  // doubled after each attempt, and spread by a random part
  double longest_wait_seconds = 20;
  double connect_seconds = 15;
  double stalled_seconds = 20;     // a transfer below 4 KB a second for so long has failed
  double request_seconds = 60;     // no attempt begins later than that behind the first
  double file_seconds = 6 * 3600;  // of waiting for the ranges of one file
  int failed_requests = 8;  // of one host, and one in twenty of what it answers; then it is left
};

/// The default, with request_seconds from ALUDEL_REMOTE_SECONDS and file_seconds from
/// ALUDEL_REMOTE_FILE_SECONDS where these are set to a positive number.
HttpPatience http_patience_from_environment();

/// An HTTP client over libcurl that keeps connections. Certificates are checked. Only http and
/// https are spoken; at most five redirects are followed, none from https to http, and none of a
/// signed request. Concurrent calls: yes.
class HttpClient {
 public:
  explicit HttpClient(const HttpPatience& patience = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The reply, whatever its status. A connection that fails or stalls and the statuses 408, 429,
  /// 500, 502, 503 and 504 are tried again, after the wait that Retry-After asks for.
  /// Errors name the address without its query: invalid_argument for one that is no http(s)
  /// address; io_error when no attempt got through; resource_exhausted for a reply of more than
  /// max_reply_bytes; cancelled after a stop signal, and for a host that failed so often that the
  /// work should wait until it answers again.
  Result<HttpReply> send(const HttpRequest& request);

  const HttpPatience& patience() const { return patience_; }

 private:
  class Handle;
  struct Attempt;

  struct Answers {
    std::uint64_t good = 0;
    std::uint64_t failed = 0;
  };

  std::unique_ptr<Handle> take_handle();
  void give_back(std::unique_ptr<Handle> handle);
  Attempt try_once(const HttpRequest& request);
  Status wait(int attempt, const HttpReply& reply, double end) const;
  Result<HttpReply> send_until_answered(const HttpRequest& request);
  Status check_host(const std::string& host);

  HttpPatience patience_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
  std::map<std::string, Answers> answers_;  // by host
};

/// An address as messages may show it: its query and fragment, which may hold a key, are left out.
std::string without_query(std::string_view url);

/// Errors: invalid_argument for what is no http or https address, or holds a user or a password.
Status check_web_address(std::string_view url);

}  // namespace aludel::io
