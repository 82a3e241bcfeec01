// Decodes any bytes in every codec; what gzip gives must not depend on how the bytes arrive.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/io/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kLimitBytes = 1 << 18;
  const auto codecs = aludel::io::all_codecs();
  if (size == 0) return 0;
  const auto& codec = codecs[data[0] % codecs.size()];
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto whole = aludel::io::decompress(codec, bytes, kLimitBytes);
  if (!whole || codec.sniff == nullptr || !codec.sniff(bytes)) return 0;
  aludel::MemoryFileSystem files(1 + data[0] % 7);
  files.files()["a"] = std::string(bytes);
  auto reader = aludel::io::open_decompressed(files, "a");
  ALUDEL_CHECK(reader.has_value(), "a file in memory opens");
  const auto pieces = aludel::io::read_all(*reader.value(), kLimitBytes);
  ALUDEL_CHECK(pieces && pieces.value() == whole.value(), "pieces give what the whole gives");
  return 0;
}
