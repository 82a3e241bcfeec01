// Reads any bytes as JSON Lines and as one record. Every value must survive being written and read
// again, by the strict parser, too; and what that parser takes, the tolerant one takes.
#include <cstddef>
#include <cstdint>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/base/json_record.h"
#include "aludel/base/utf8.h"
#include "aludel/io/formats/jsonl.h"

namespace {

void check_round_trip(const aludel::Json& value) {
  const std::string text = value.dump();
  ALUDEL_CHECK(aludel::is_valid_utf8(text), "JSON is written in UTF-8");
  const auto strict = aludel::parse_json(text);
  ALUDEL_CHECK(strict && strict.value().dump() == text, "JSON survives a round trip");
  const auto tolerant = aludel::parse_record(text);
  ALUDEL_CHECK(tolerant && tolerant.value().dump() == text, "so it does as a record");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto record = aludel::parse_record(bytes);
  if (record) check_round_trip(record.value());
  ALUDEL_CHECK(record || record.error().code == aludel::Code::resource_exhausted ||
                   !aludel::parse_json(bytes),
               "sound JSON is a record");
  aludel::MemoryFileSystem files(1 + data[0] * 16U);
  files.files()["a"] = bytes;
  auto reader = aludel::io::JsonlReader::open(files, "a", 4096);
  if (!reader) return 0;
  aludel::Json value;
  while (true) {
    const auto more = reader.value().next(value);
    if (!more && reader.value().last_error_was_line()) continue;
    if (!more || !more.value()) return 0;
    check_round_trip(value);
  }
}
