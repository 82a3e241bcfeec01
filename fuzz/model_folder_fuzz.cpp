// Reads any bytes as a model folder: config.json up to the first NUL byte, weights after it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/models/family.h"
#include "aludel/models/packed_weights.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(bytes.find('\0'), size);
  aludel::MemoryFileSystem files;
  files.files()["m/config.json"] = bytes.substr(0, cut);
  files.files()["m/model.safetensors"] = bytes.substr(std::min(cut + 1, size));
  const auto model = aludel::models::load_model(files, "m");
  if (!model) return 0;
  const auto weights = aludel::models::load_packed_weights(files, "m", model.value());
  if (!weights) return 0;
  // A table and a head are matrices, and nothing is there that the file did not have bytes for.
  ALUDEL_CHECK(weights.value().bytes() > 0, "a model that loads has weights");
  return 0;
}
