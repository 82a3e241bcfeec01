#include "aludel/io/remote/http_client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <thread>

#include <curl/curl.h>
#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/clock.h"
#include "aludel/base/rng.h"
#include "aludel/base/stop.h"

namespace aludel::io {
/// What a transfer leaves behind while libcurl calls back.
struct HttpTransfer {
  HttpReply reply;
  std::uint64_t max_bytes = 0;
  std::uint64_t header_bytes = 0;
  std::string too_large;  // what ended the transfer; mostly nothing
};

namespace {

constexpr long kMaxRedirects = 5;
constexpr long kSlowestBytesASecond = 4096;
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{256} << 10;  // libcurl ends above 300 kB
constexpr std::uint64_t kGoodForOneFailure = 20;

std::size_t receive_body(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto& transfer = *static_cast<HttpTransfer*>(target);
  if (transfer.reply.body.size() + size > transfer.max_bytes) {
    transfer.too_large = fmt::format("the reply is larger than {} bytes", transfer.max_bytes);
    return 0;  // ends the transfer
  }
  transfer.reply.body.append(data, size);
  return size;
}

std::size_t receive_header(char* data, std::size_t /*one*/, std::size_t size, void* target) {
  auto& transfer = *static_cast<HttpTransfer*>(target);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.too_large =
        fmt::format("the head of the reply is larger than {} bytes", kMaxHeaderBytes);
    return 0;
  }
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) {  // of a redirect's target, or behind 100 Continue
    transfer.reply.headers = Headers();
    transfer.reply.body.clear();
    return size;
  }
  const Headers one = read_headers(line);
  for (const Header& header : one.all()) {
    transfer.reply.headers.add(header.name, header.value);
  }
  return size;
}

/// Ends a transfer after a stop signal; libcurl asks at least once a second.
int may_go_on(void* /*target*/, curl_off_t /*a*/, curl_off_t /*b*/, curl_off_t /*c*/,
              curl_off_t /*d*/) {
  return stop_requested() ? 1 : 0;
}

/// "http://host:port" of an address.
std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  return std::string(url.substr(0, url.find_first_of("/?#", begin)));
}

/// A positive number in the environment, or `otherwise`.
double seconds_from_environment(const char* name, double otherwise) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  const std::string_view text = value == nullptr ? "" : value;
  double seconds = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_good =
      number.ec == std::errc() && number.ptr == text.data() + text.size() && seconds > 0;
  return is_good ? seconds : otherwise;
}

bool is_transient(CURLcode code) {
  constexpr std::array kTransient = {CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
                                     CURLE_OPERATION_TIMEDOUT,   CURLE_SEND_ERROR,
                                     CURLE_RECV_ERROR,           CURLE_GOT_NOTHING,
                                     CURLE_PARTIAL_FILE,         CURLE_HTTP2,
                                     CURLE_HTTP2_STREAM,         CURLE_SSL_CONNECT_ERROR};
  return std::ranges::find(kTransient, code) != kTransient.end();
}

bool is_transient(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 ||
         status == 504;
}

/// Header lines as libcurl takes them.
class HeaderLines {
 public:
  ~HeaderLines() { curl_slist_free_all(lines_); }

  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(lines_, line.c_str());
    ALUDEL_CHECK(longer != nullptr, "out of memory");
    lines_ = longer;
  }

  curl_slist* get() const { return lines_; }

  HeaderLines() = default;
  HeaderLines(const HeaderLines&) = delete;
  HeaderLines& operator=(const HeaderLines&) = delete;

 private:
  curl_slist* lines_ = nullptr;
};

}  // namespace

/// An easy handle; it keeps its connection between requests.
class HttpClient::Handle {
 public:
  Handle() : curl_(curl_easy_init()) {  // the first one starts libcurl, under a lock of its own
    ALUDEL_CHECK(curl_ != nullptr, "libcurl starts");
  }

  ~Handle() { curl_easy_cleanup(curl_); }

  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* get() const { return curl_; }

 private:
  CURL* curl_;
};

struct HttpClient::Attempt {
  CURLcode code = CURLE_OK;
  HttpTransfer transfer;
};

HttpClient::HttpClient(const HttpPatience& patience) : patience_(patience) {}

HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Handle> HttpClient::take_handle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Handle>();
  auto handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

void HttpClient::give_back(std::unique_ptr<Handle> handle) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
}

HttpClient::Attempt HttpClient::try_once(const HttpRequest& request) {
  Attempt attempt;
  attempt.transfer.max_bytes = request.max_reply_bytes;
  auto handle = take_handle();
  CURL* curl = handle->get();
  curl_easy_reset(curl);  // keeps connections
  const auto set = [curl](CURLoption option, auto value) {
    ALUDEL_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK, "libcurl knows the option");
  };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, request.url.starts_with("https:") ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, request.signing == nullptr ? 1L : 0L);
  set(CURLOPT_MAXREDIRS, kMaxRedirects);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PATH_AS_IS, 1L);  // a key may hold /../
  set(CURLOPT_USERAGENT, "aludel");
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience_.connect_seconds * 1000));
  set(CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesASecond);
  set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(patience_.stalled_seconds)));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, may_go_on);
  set(CURLOPT_WRITEFUNCTION, receive_body);
  set(CURLOPT_WRITEDATA, &attempt.transfer);
  set(CURLOPT_HEADERFUNCTION, receive_header);
  set(CURLOPT_HEADERDATA, &attempt.transfer);
  HeaderLines lines;
  for (const Header& header : request.headers) {
    lines.add(header.name + ": " + header.value);
  }
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.method == "PUT" || request.method == "POST") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
    set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);  // an "Expect:" line would have to be signed
  }
  if (request.method != "HEAD") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.signing != nullptr) {
    const AwsSigning& signing = *request.signing;
    set(CURLOPT_AWS_SIGV4, fmt::format("aws:amz:{}:s3", signing.region).c_str());
    set(CURLOPT_USERNAME, signing.key_id.c_str());
    set(CURLOPT_PASSWORD, signing.secret.c_str());
    if (!signing.session_token.empty()) {
      lines.add("x-amz-security-token: " + signing.session_token);
    }
  }
  set(CURLOPT_HTTPHEADER, lines.get());
  attempt.code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  attempt.transfer.reply.status = static_cast<int>(status);
  curl_easy_reset(curl);  // forgets the credentials
  give_back(std::move(handle));
  return attempt;
}

/// Sleeps before the attempt that follows, at most until `latest`.
Status HttpClient::wait(int attempt, const HttpReply& reply, double latest) const {
  double seconds = patience_.first_wait_seconds * static_cast<double>(1 << std::min(attempt, 20));
  // A random part keeps many clients from coming back at one moment; no output depends on it.
  seconds *= 1 + Rng(static_cast<std::uint64_t>(now_seconds() * 1e9), 0).uniform();
  const std::string_view asked = reply.headers.get("retry-after");
  int asked_seconds = 0;
  const auto number = std::from_chars(asked.data(), asked.data() + asked.size(), asked_seconds);
  if (number.ec == std::errc()) seconds = std::max(seconds, static_cast<double>(asked_seconds));
  seconds = std::min(seconds, patience_.longest_wait_seconds);
  for (const double end = std::min(now_seconds() + seconds, latest); now_seconds() < end;) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    const double left = std::clamp(end - now_seconds(), 0.0, 0.05);
    std::this_thread::sleep_for(std::chrono::duration<double>(left));
  }
  return Ok{};
}

Result<HttpReply> HttpClient::send(const HttpRequest& request) {
  ALUDEL_TRY(check_web_address(request.url));
  const std::string host = host_of(request.url);
  ALUDEL_TRY(check_host(host));
  auto reply = send_until_answered(request);
  const std::lock_guard lock(mutex_);
  Answers& answers = answers_[host];
  if (reply) ++answers.good;
  if (!reply && reply.error().code == Code::io_error) ++answers.failed;
  return reply;
}

/// Refuses a host that mostly fails: what it holds had better wait than be given up piece by piece.
Status HttpClient::check_host(const std::string& host) {
  const std::lock_guard lock(mutex_);
  const Answers& answers = answers_[host];
  const auto most = static_cast<std::uint64_t>(std::max(patience_.failed_requests, 1)) +
                    answers.good / kGoodForOneFailure;
  if (answers.failed < most) return Ok{};
  return Error{Code::cancelled,
               fmt::format("{}: no longer asked, since {} requests failed and {} were answered; "
                           "start again when it answers, to go on",
                           host, answers.failed, answers.good)};
}

Result<HttpReply> HttpClient::send_until_answered(const HttpRequest& request) {
  std::string trouble;
  int attempt = 0;
  const double latest = now_seconds() + patience_.request_seconds;
  while (attempt < patience_.attempts && (attempt == 0 || now_seconds() < latest)) {
    if (stop_requested()) return Error{Code::cancelled, "stopped"};
    Attempt result = try_once(request);
    HttpReply& reply = result.transfer.reply;
    if (!result.transfer.too_large.empty()) {
      return Error{Code::resource_exhausted,
                   fmt::format("{}: {}", without_query(request.url), result.transfer.too_large)};
    }
    if (result.code == CURLE_ABORTED_BY_CALLBACK) return Error{Code::cancelled, "stopped"};
    if (result.code == CURLE_OK && !is_transient(reply.status)) return std::move(reply);
    trouble = result.code == CURLE_OK ? fmt::format("status {}", reply.status)
                                      : std::string(curl_easy_strerror(result.code));
    if (result.code != CURLE_OK && !is_transient(result.code)) {
      return Error{Code::io_error, fmt::format("{}: {}", without_query(request.url), trouble)};
    }
    if (++attempt < patience_.attempts) ALUDEL_TRY(wait(attempt - 1, reply, latest));
  }
  return Error{Code::io_error, fmt::format("{}: {}, after {} attempts", without_query(request.url),
                                           trouble, attempt)};
}

HttpPatience http_patience_from_environment() {
  HttpPatience patience;
  patience.request_seconds =
      seconds_from_environment("ALUDEL_REMOTE_SECONDS", patience.request_seconds);
  patience.file_seconds =
      seconds_from_environment("ALUDEL_REMOTE_FILE_SECONDS", patience.file_seconds);
  return patience;
}

std::string without_query(std::string_view url) {
  return std::string(url.substr(0, url.find_first_of("?#")));
}

Status check_web_address(std::string_view url) {
  const std::size_t scheme = url.starts_with("http://")    ? 7
                             : url.starts_with("https://") ? 8
                                                           : std::string_view::npos;
  if (scheme == std::string_view::npos) {
    return Error{Code::invalid_argument,
                 fmt::format("{}: expected an http:// or https:// address", without_query(url))};
  }
  const std::string_view host = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (host.find('@') != std::string_view::npos) {
    return Error{Code::invalid_argument, fmt::format("{}: an address must hold no user or password",
                                                     url.substr(0, scheme))};
  }
  const bool has_control = std::ranges::any_of(
      url, [](char letter) { return static_cast<unsigned char>(letter) <= ' '; });
  if (host.empty() || has_control) {
    return Error{Code::invalid_argument,
                 fmt::format("{}: no proper address", without_query(url).substr(0, 200))};
  }
  return Ok{};
}

}  // namespace aludel::io
