// Bytes as a classifier file: an error or a model that predicts and writes itself back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "aludel/base/hash.h"
#include "aludel/text/classifier/classifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The checksum is made to fit, or nothing behind it would be reached.
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::uint64_t checksum = aludel::hash64(bytes);
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  const auto model = aludel::text::Classifier::from_bytes(bytes);
  if (!model) return 0;
  if (model.value().predict("some words, some more").size() != model.value().labels().size()) {
    std::abort();
  }
  const std::string written = model.value().to_bytes();
  if (aludel::text::Classifier::from_bytes(written).value().to_bytes() != written) std::abort();
  return 0;
}
