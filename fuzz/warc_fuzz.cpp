// Reads any bytes as a web archive: whole, in pieces, and from a place in the middle.
#include <cstddef>
#include <cstdint>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/io/formats/warc.h"

namespace {

void read_pages(aludel::MemoryFileSystem& files, aludel::io::ByteRange range) {
  const aludel::io::WebPageOptions options = {.warc = {.max_record_bytes = 1 << 20, .range = range},
                                              .max_body_bytes = 1 << 20};
  auto reader = aludel::io::WebPageReader::open(files, "a", options);
  if (!reader) return;
  while (true) {
    const auto page = reader.value().next();
    if (!page || !page.value()) return;
    ALUDEL_CHECK(page.value()->body.size() <= options.max_body_bytes, "the cap holds");
    ALUDEL_CHECK(page.value()->offset >= range.begin && page.value()->offset < range.end,
                 "the record is of this range");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  aludel::MemoryFileSystem files(1 + data[0] * 16U);
  files.files()["a"] = std::string(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::uint64_t middle = size * data[0] / 256;
  read_pages(files, {});
  read_pages(files, {0, middle});
  read_pages(files, {middle, size});
  return 0;
}
