// Reads any bytes as an EPUB, and every file of its container: nothing unpacks to more than it may.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/utf8.h"
#include "aludel/io/formats/epub/zip.h"
#include "aludel/text/book/book.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kLimitBytes = 1 << 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto archive = aludel::io::ZipArchive::open(bytes);
  if (!archive) return 0;
  std::size_t read = 0;
  for (const aludel::io::ZipEntry& entry : archive.value().entries()) {
    const auto content = archive.value().read(entry, kLimitBytes);
    if (content) ALUDEL_CHECK(content.value().size() <= kLimitBytes, "the cap holds");
    if (++read == 16) break;
  }
  const auto book = aludel::text::read_epub(bytes, kLimitBytes);
  if (!book) return 0;
  for (const std::string& said : {book.value().text, book.value().title, book.value().author,
                                  book.value().language, book.value().rights}) {
    ALUDEL_CHECK(aludel::is_valid_utf8(said), "a book is UTF-8");
  }
  return 0;
}
