// Reads any bytes as the body of a completion request, and as the target and headers of one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/serve/completion_request.h"
#include "aludel/serve/http_access.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace serve = aludel::serve;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {serve::CompletionKind::text, serve::CompletionKind::chat}) {
    const auto read = serve::read_completion_request(bytes, kind, {});
    if (const auto* request = std::get_if<serve::CompletionRequest>(&read)) {
      ALUDEL_CHECK(aludel::check_config(request->sampling, "fuzz").has_value(),
                   "sampling is in range");
    }
  }
  static const auto access = serve::WebAccess::make({});
  const std::size_t cut = std::min(bytes.find('\n'), size);
  serve::HttpRequest request;
  request.method = "OPTIONS";
  request.headers.emplace_back("Origin", bytes.substr(0, cut));
  request.headers.emplace_back("Host", bytes.substr(0, cut));
  serve::set_target(request, bytes.substr(std::min(cut + 1, size)));  // the second line
  ALUDEL_CHECK(!request.path.empty(), "a request has a path");
  access.value().judge(request);
  return 0;
}
