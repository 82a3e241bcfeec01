// Bytes as an index of signatures: an error, or an index that writes itself back.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/little_endian.h"
#include "aludel/curate/layers/minhash_dedup/signature_index.h"

namespace {

using namespace aludel::curate::minhash_dedup;

/// Makes the checksum of the tail fit, or nothing behind it would be reached.
std::string with_fitting_tail(std::string bytes) {
  constexpr std::size_t kBeforeText = 12;
  if (bytes.size() < kBeforeText + 8) return bytes;
  const std::size_t text_bytes = aludel::number_at<std::uint32_t>(bytes, 8);
  if (text_bytes > bytes.size() - kBeforeText - 8) return bytes;
  std::string summed = bytes.substr(0, kBeforeText + text_bytes);
  summed += bytes.substr(bytes.size() - 8);
  aludel::append_number(bytes, aludel::hash64(summed));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& tried : {bytes, with_fitting_tail(bytes)}) {
    aludel::MemoryFileSystem files;
    files.files()["in"] = tried;
    const auto index = SignatureIndex::open(files, "in");
    if (!index) continue;
    auto writer = SignatureIndexWriter::create(files, "out", index.value().settings()).value();
    const auto read = index.value().read(
        0, index.value().documents(),
        [&](const aludel::Hash128& id, std::span<const std::uint32_t> signature) {
          return writer.add(id, signature);
        });
    if (!read) continue;
    ALUDEL_CHECK(writer.commit().has_value(), "memory takes all");
    const auto again = SignatureIndex::open(files, "out");
    ALUDEL_CHECK(again.has_value(), "what was written can be read");
    ALUDEL_CHECK(again.value().documents() == index.value().documents(), "all documents");
  }
  return 0;
}
