// Reads any bytes as a stored HTTP response, and as the value of its Content-Type.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/io/binary.h"
#include "aludel/io/http_response.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace io = aludel::io;
  constexpr std::uint64_t kMaxBodyBytes = 1 << 18;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto response = io::parse_http_response(std::string(bytes), kMaxBodyBytes);
  if (response) {
    ALUDEL_CHECK(response.value().body.size() <= kMaxBodyBytes, "the cap holds");
    (void)io::binary_kind(response.value().body);
  }
  const std::string type = io::effective_content_type(bytes);
  ALUDEL_CHECK(io::effective_content_type(type) == type, "one value is its own choice");
  ALUDEL_CHECK(io::media_type(type) == io::media_type(bytes), "the type is that of the choice");
  return 0;
}
