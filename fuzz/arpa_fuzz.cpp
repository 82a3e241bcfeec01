// Reads any bytes as an ARPA language model; what can be read scores text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/text/ngram_lm/arpa.h"
#include "aludel/text/ngram_lm/text_lm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tables = aludel::text::parse_arpa(bytes);
  if (!tables) return 0;
  const auto model = aludel::text::NgramModel::from_bytes(
      aludel::io::MappedFile(aludel::text::write_ngram_tables(tables.value())));
  ALUDEL_CHECK(model.has_value(), "what was read makes a model");
  aludel::text::score_text(model.value(), bytes);
  return 0;
}
