// Reads any bytes as TOML; what is accepted reads back as it was, from JSON and from TOML.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/config.h"
#include "aludel/base/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto parsed = aludel::parse_toml(bytes, "fuzzed.toml");
  if (!parsed) {
    ALUDEL_CHECK(parsed.error().message.starts_with("[toml] fuzzed.toml"), "errors name the file");
    return 0;
  }
  const std::string line = parsed.value().dump();
  const auto again = aludel::parse_json(line);
  ALUDEL_CHECK(again && again.value().dump() == line, "the values survive a round trip as JSON");
  const auto written = aludel::parse_toml(aludel::write_toml(parsed.value()), "written.toml");
  ALUDEL_CHECK(written && written.value().dump() == line, "and one as TOML");
  return 0;
}
