// Reads any bytes as a tokenizer.json; what can be read encodes and decodes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/base/json.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = aludel::parse_json(bytes);
  if (!file) return 0;
  auto model = aludel::text::read_tokenizer_json(file.value());
  if (!model) return 0;
  aludel::text::write_tokenizer_json(model.value());
  const auto tokenizer = aludel::text::Tokenizer::make(std::move(model).value());
  ALUDEL_CHECK(tokenizer.has_value(), "a valid model makes a tokenizer");
  const auto ids = tokenizer.value().encode_with_specials(bytes);
  for (const std::int32_t id : ids) {
    ALUDEL_CHECK(id >= 0 && id < tokenizer.value().vocab_size(), "ids are pieces");
  }
  tokenizer.value().decode(ids);
  return 0;
}
