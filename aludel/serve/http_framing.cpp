#include "aludel/serve/http_framing.h"

#include <poll.h>

namespace aludel::serve {

std::string_view whole_header(std::string_view arrived) {
  const std::size_t end = arrived.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view() : arrived.substr(0, end + 4);
}

bool has_folded_line(std::string_view header) {
  return header.find("\n ") != std::string_view::npos ||
         header.find("\n\t") != std::string_view::npos;
}

bool has_left(int socket) {
  pollfd state{.fd = socket, .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace aludel::serve
