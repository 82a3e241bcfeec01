// Reads any bytes as JSON Lines; every value must survive being written and read again.
#include <cstddef>
#include <cstdint>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/io/formats/jsonl.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  aludel::MemoryFileSystem files(1 + data[0] * 16U);
  files.files()["a"] = std::string(reinterpret_cast<const char*>(data + 1), size - 1);
  auto reader = aludel::io::JsonlReader::open(files, "a", 4096);
  if (!reader) return 0;
  aludel::Json value;
  while (true) {
    const auto more = reader.value().next(value);
    if (!more && reader.value().last_error_was_line()) continue;
    if (!more || !more.value()) return 0;
    const std::string text = value.dump();
    const auto again = aludel::parse_json(text);
    ALUDEL_CHECK(again && again.value().dump() == text, "JSON survives a round trip");
  }
}
