// Reads any bytes as a Parquet file, whole and from a place in the middle. Built without Arrow it
// only sees that the program says so. Arrow itself is not instrumented: this is about our side of
// the boundary, and about nothing being thrown across it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/io/formats/parquet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr aludel::io::Column kColumns[] = {{"id"},
                                             {"text"},
                                             {"score", aludel::io::ColumnType::number},
                                             {"annotations", aludel::io::ColumnType::json}};
  aludel::MemoryFileSystem files(4096);
  files.files()["a.parquet"] = std::string(reinterpret_cast<const char*>(data), size);
  for (const std::uint64_t begin : {std::uint64_t{0}, std::uint64_t{size / 2}}) {
    const auto others =
        begin == 0 ? aludel::io::OtherColumns::read : aludel::io::OtherColumns::left_out;
    auto reader = aludel::io::open_parquet(files, "a.parquet", kColumns, begin, UINT64_MAX, others);
    if (!reader) continue;
    aludel::Json row;
    for (int i = 0; i < 1000; ++i) {
      const auto more = reader.value()->next(row);
      if (!more && reader.value()->last_error_was_row()) continue;
      if (!more || !more.value()) break;
      ALUDEL_CHECK(row.is_object(), "a row is an object");
    }
  }
  return 0;
}
