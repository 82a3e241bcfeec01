// Reads any bytes as a tokenizer.model; what can be read encodes, decodes and is written back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aludel/base/check.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto model = aludel::text::parse_sentencepiece(bytes);
  if (!model) return 0;
  const std::string written = aludel::text::write_sentencepiece(model.value());
  const auto again = aludel::text::parse_sentencepiece(written);
  ALUDEL_CHECK(again.has_value(), "what was read can be written and read");
  ALUDEL_CHECK(aludel::text::write_sentencepiece(again.value()) == written, "and is the same");
  aludel::text::write_tokenizer_json(model.value());
  const auto tokenizer = aludel::text::Tokenizer::make(std::move(model).value());
  ALUDEL_CHECK(tokenizer.has_value(), "a valid model makes a tokenizer");
  const auto ids = tokenizer.value().encode_with_specials(bytes);
  for (const std::int32_t id : ids) {
    ALUDEL_CHECK(id >= 0 && id < tokenizer.value().vocab_size(), "ids are pieces");
  }
  const std::string decoded = tokenizer.value().decode(tokenizer.value().encode(bytes));
  const aludel::text::TokenizerModel& kept = tokenizer.value().model();
  const bool is_lossless = kept.keep_space_mark && kept.byte_fallback &&
                           kept.dummy_prefix == aludel::text::DummyPrefix::none &&
                           !kept.remove_extra_spaces;
  ALUDEL_CHECK(!is_lossless || decoded == bytes, "bytes come back");
  return 0;
}
