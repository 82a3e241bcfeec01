// Reads any bytes as an n-gram model file; what can be read scores sequences.
#include <cstddef>
#include <cstdint>
#include <string>

#include "aludel/text/ngram_lm/ngram_model.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto model = aludel::text::NgramModel::from_bytes(
      aludel::io::MappedFile(std::string(reinterpret_cast<const char*>(data), size)));
  if (!model) return 0;
  aludel::text::NgramState state = model.value().begin_state();
  for (std::size_t i = 0; i < size; ++i) {
    model.value().log10_probability(state, data[i] % model.value().vocab_size());
  }
  return 0;
}
