#pragma once
// A request, and the reply that another thread writes while the server's thread sends it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aludel::serve {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;     // "GET"
  unsigned version = 11;  // 10: HTTP/1.0
  std::string host;       // "127.0.0.1:8080": of an absolute target, else of the header Host
  std::string path;       // without the query
  std::string query;      // without '?'
  HttpHeaders headers;
  std::string body;

  /// The value of a header whatever the case of its name; "" when absent.
  std::string_view header(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  HttpHeaders headers = {};  // further ones
};

/// Sets host, path and query of a request whose headers are set. A target may be absolute
/// ("http://host/path"), as proxies send it; its host then counts, RFC 9112 section 3.2.2.
void set_target(HttpRequest& request, std::string_view target);

/// A message without the "[json] " in front, which names a place in this program.
std::string_view without_place(std::string_view message);

/// The answer to a request that went wrong, in OpenAI's form:
/// {"error":{"message","type","code","param"}}; the type follows from the status, and so does
/// Retry-After of a 503. The message goes without_place().
HttpResponse error_response(int status, std::string_view message, std::string_view code = "",
                            std::string_view param = "");

/// The answer to a request whose header or body is longer than allowed.
HttpResponse too_large(int status, std::string_view part, std::int64_t limit);

/// The answer to a request that a server which is asked to stop no longer serves.
HttpResponse stopping_response();

class ReplyTable;

/// The one answer to one request: send() once, or start_stream(), write()…, finish(). One thread at
/// a time may use it. Dropped unanswered, the client gets a 500; dropped in the middle of a stream,
/// its connection is cut. Must not outlive its HttpServer.
class HttpReply {
 public:
  HttpReply(ReplyTable& table, std::uint64_t id) : table_(&table), id_(id) {}

  ~HttpReply();

  HttpReply(HttpReply&& other) noexcept
      : table_(std::exchange(other.table_, nullptr)), id_(other.id_) {}

  HttpReply& operator=(HttpReply&&) = delete;

  void send(HttpResponse response);
  void start_stream(std::string_view content_type);
  void write(std::string_view bytes);
  void finish();

  /// The client left, or does not read: nothing more will reach it.
  bool client_gone() const;

  /// Bytes written here that the server's thread has not taken yet: pause while there are many.
  std::size_t pending_bytes() const;

 private:
  ReplyTable* table_;
  std::uint64_t id_;
};

enum class ReplyPhase : std::uint8_t { waiting, whole, streaming };
enum class ReplyEnd : std::uint8_t { open, complete, cut };

/// What became known of a reply since the last look.
struct ReplyNews {
  ReplyPhase phase = ReplyPhase::waiting;
  ReplyEnd end = ReplyEnd::open;
  HttpResponse response;  // of a stream: the content type
  std::string bytes;      // of a stream

  bool is_empty() const { return bytes.empty() && end == ReplyEnd::open; }
};

/// The replies under way, by connection. Any thread.
class ReplyTable {
 public:
  /// `wake` is called after each change of a reply, by the thread that made it.
  explicit ReplyTable(std::function<void(std::uint64_t id)> wake) : wake_(std::move(wake)) {}

  HttpReply open(std::uint64_t id);

  /// From now on the reply's client is gone.
  void close(std::uint64_t id);
  void close_all();

  std::size_t size() const;

  /// The news of an open reply; its bytes are handed over.
  ReplyNews take(std::uint64_t id);

 private:
  friend class HttpReply;

  template <class Change>
  void update(std::uint64_t id, const Change& change) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = replies_.find(id);
      if (found == replies_.end()) return;
      change(found->second);
    }
    wake_(id);
  }

  std::function<void(std::uint64_t id)> wake_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, ReplyNews> replies_;  // guarded by mutex_
};

}  // namespace aludel::serve
