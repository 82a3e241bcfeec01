#pragma once
// How a reply travels, and whether anybody is still there to read it.

#include <chrono>
#include <cstddef>
#include <cstdint>

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

/// Whether the client at this socket has closed its end, though bytes of it may lie unread.
bool has_left(int socket);

}  // namespace aludel::serve
