// Reads any bytes as the TOML config of a curation; what is accepted resolves, and reads back as it
// resolved.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/config.h"
#include "aludel/curate/cascade/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto config = aludel::curate::read_curate_config(bytes, "fuzzed.toml", {});
  if (!config) return 0;
  const auto layers = aludel::curate::resolve_layers(config.value());
  ALUDEL_CHECK(layers.size() == 12, "the cascade has twelve layers");
  const aludel::Json resolved = aludel::curate::resolved_config(config.value());
  const auto again =
      aludel::curate::read_curate_config(aludel::write_toml(resolved), "resolved.toml", {});
  ALUDEL_CHECK(again.has_value(), "the resolved config is a config");
  ALUDEL_CHECK(aludel::curate::resolved_config(again.value()).dump() == resolved.dump(),
               "and resolves to itself");
  return 0;
}
