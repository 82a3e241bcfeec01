#pragma once
// How a reply travels, and whether anybody is still there to read it.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aludel::serve {

/// Whether a reply's body follows its header; to HEAD it does not, RFC 9110 section 9.3.2.
enum class SendBody : std::uint8_t { yes, no };

/// How the client wants its reply framed.
struct Framing {
  unsigned version = 11;
  bool keep_alive = false;
  SendBody body = SendBody::yes;
};

/// Line ends that a client may put in front of a request, RFC 9112 section 2.2.
inline constexpr std::size_t kMostLineEnds = 64;

/// What the server reads at a time while it waits for a request.
inline constexpr std::size_t kReadBytes = 4096;

/// What a client may send ahead while its reply is written.
inline constexpr std::size_t kReadAheadBytes = std::size_t{64} << 10;

/// How often a client that has sent more than that is looked after.
inline constexpr std::chrono::milliseconds kLookAfter(200);

/// A body up to this size arrives whatever the others take: max_connections bounds these.
inline constexpr std::size_t kSmallBodyBytes = std::size_t{64} << 10;

/// How long the rest of a refused request is read; of one that a stop refuses, while it comes.
inline constexpr std::chrono::milliseconds kRestOfRequest(500);
inline constexpr std::chrono::milliseconds kRestWhenStopping(100);

/// How long the last words of a server that stops may take to reach their clients.
inline constexpr std::chrono::milliseconds kLastWords(1000);

/// The header at the front of what arrived, with its closing empty line; "" before it is whole.
std::string_view whole_header(std::string_view arrived);

/// Whether a header has a line that goes on in the next one, which RFC 9112 section 5.2 forbids:
/// programs in front of a server may read such a line otherwise.
bool has_folded_line(std::string_view header);

/// What the bodies that are arriving may take of memory, all together. One thread uses it.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t limit) : limit_(limit) {}

  /// A part of the budget, given back when it goes.
  class Share {
   public:
    Share(BodyBudget& budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {
      budget_.taken_ += bytes_;
    }

    ~Share() { budget_.taken_ -= bytes_; }

    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    BodyBudget& budget_;
    std::size_t bytes_;
  };

  /// Whether a body of this size may arrive now: a small one always, a large one alone, too.
  bool has_room(std::size_t bytes) const {
    return bytes <= kSmallBodyBytes || taken_ == 0 || taken_ + bytes <= limit_;
  }

 private:
  std::size_t limit_;
  std::size_t taken_ = 0;
};

/// Whether the client at this socket has closed its end, though bytes of it may lie unread.
bool has_left(int socket);

}  // namespace aludel::serve
