// Reads any bytes as a stored HTTP response.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/io/http_response.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kMaxBodyBytes = 1 << 18;
  const auto response = aludel::io::parse_http_response(
      std::string_view(reinterpret_cast<const char*>(data), size), kMaxBodyBytes);
  if (response) ALUDEL_CHECK(response.value().body.size() <= kMaxBodyBytes, "the cap holds");
  return 0;
}
