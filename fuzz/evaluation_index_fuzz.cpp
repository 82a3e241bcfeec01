// Bytes as an index of evaluation sets: an error or an index that writes itself back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "aludel/base/hash.h"
#include "aludel/text/contamination.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The checksum is made to fit, or nothing behind it would be reached.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::uint64_t checksum = aludel::hash64(bytes);
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  const auto index = aludel::text::ContaminationIndex::from_bytes(bytes);
  if (!index) return 0;
  const auto found =
      index.value().find("some words of a text, twelve or more of them, one after another");
  if (found.short_runs + found.long_runs > 0 && found.set >= index.value().sets().size()) {
    std::abort();
  }
  const std::string written = index.value().to_bytes();
  if (aludel::text::ContaminationIndex::from_bytes(written).value().to_bytes() != written) {
    std::abort();
  }
  return 0;
}
