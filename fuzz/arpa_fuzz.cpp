// Reads any bytes as an ARPA language model; what can be read scores text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/text/ngram_lm/arpa_reader.h"
#include "aludel/text/ngram_lm/string_writer.h"
#include "aludel/text/ngram_lm/text_lm.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace aludel::text;  // NOLINT(google-build-using-namespace): a program of one file
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static aludel::Threads threads(1);
  StringWriter file;
  const auto converted = convert_arpa(bytes, std::uint64_t{1} << 24, NgramPrecision::packed,
                                      {nullptr, "", std::size_t{1} << 30, &threads}, file);
  if (!converted) return 0;
  const auto model = NgramModel::from_bytes(aludel::io::MappedFile(file.take()));
  ALUDEL_CHECK(model.has_value(), "what was read makes a model");
  score_text(model.value(), bytes);
  return 0;
}
