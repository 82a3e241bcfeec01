#pragma once
// Which web pages may use the server. A browser lets any page send requests to this machine; what
// tells them apart is the name that was asked (Host) and the page that asks (Origin).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/serve/http_reply.h"

namespace aludel::serve {

struct AccessRules {
  std::vector<std::string> hosts;    // further names of this server, "ai.example", without port
  std::vector<std::string> origins;  // others that may ask, "https://chat.example", "app://notes"
  std::string listens_on = "127.0.0.1";
  bool any_host = false;  // API keys are asked for, which a page of another site does not have
};

/// Judges requests before any route sees them.
class WebAccess {
 public:
  /// Errors: invalid_argument for a host with a port or a scheme, an origin that is none, or "*".
  static Result<WebAccess> make(AccessRules rules);

  struct Verdict {
    std::optional<HttpResponse> answer;  // a refusal, or what a preflight wants; none: go on
    HttpHeaders headers;                 // that let an allowed page read the reply
  };

  /// Refuses a request of HTTP/1.1 without a Host and any with two.
  /// Refuses a Host that is no name of this server: a page whose own name was turned to this
  /// machine (DNS rebinding) would have it, and its Origin would agree. Names of this server are
  /// addresses (of loopback only, where it listens there), localhost, *.localhost, names without a
  /// dot, which no site of the web can have, and the names given. Refuses an Origin that is neither
  /// the server's own nor an allowed one. Programs send no Origin and are let through.
  /// Source: https://fetch.spec.whatwg.org/#http-cors-protocol.
  Verdict judge(const HttpRequest& request) const;

 private:
  explicit WebAccess(AccessRules rules);
  bool is_own_host(std::string_view host) const;

  AccessRules rules_;  // in lower case
};

}  // namespace aludel::serve
