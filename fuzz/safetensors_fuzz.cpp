// Reads any bytes as a safetensors file; every tensor's bytes must lie in the file.
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/io/formats/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  aludel::MemoryFileSystem files;
  files.files()["a"] = std::string(reinterpret_cast<const char*>(data), size);
  const auto file = aludel::io::SafetensorsFile::open(files, "a");
  if (!file) return 0;
  std::size_t bytes = 0;
  for (const auto& tensor : file.value().tensors()) {
    aludel::hash64(tensor.bytes);
    bytes += tensor.bytes.size();
  }
  ALUDEL_CHECK(bytes < size, "tensors do not share bytes");
  const auto status =
      aludel::io::write_safetensors(files, "b", file.value().tensors(), file.value().metadata());
  ALUDEL_CHECK(status.has_value(), "what was read can be written");
  ALUDEL_CHECK(aludel::io::SafetensorsFile::open(files, "b").has_value(), "and read again");
  return 0;
}
