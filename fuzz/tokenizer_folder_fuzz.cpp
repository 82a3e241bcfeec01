// Reads any bytes as the files of a tokenizer's folder, one behind the other, cut at NUL bytes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/memory_file_system.h"

#include "aludel/base/check.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace {

/// The bytes of a small tokenizer.model, beside which the other files stand.
const std::string& small_model() {
  static const std::string bytes = [] {
    aludel::text::TokenizerModel model;
    model.pieces = {{"<unk>", 0, aludel::text::PieceKind::unknown},
                    {"<s>", 0, aludel::text::PieceKind::control},
                    {"a", -1, aludel::text::PieceKind::normal}};
    model.byte_fallback = false;
    model.begin_id = 1;
    return aludel::text::write_sentencepiece(model);
  }();
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  aludel::MemoryFileSystem files;
  files.files()["t/tokenizer.model"] = small_model();
  for (const char* name : {"tokenizer.json", "added_tokens.json", "tokenizer_config.json",
                           "special_tokens_map.json", "chat_template.jinja"}) {
    const std::size_t cut = std::min(rest.find('\0'), rest.size());
    if (cut > 0) files.files()[std::string("t/") + name] = std::string(rest.substr(0, cut));
    rest.remove_prefix(std::min(cut + 1, rest.size()));
  }
  const auto loaded = aludel::text::Tokenizer::load(files, "t");
  if (!loaded) return 0;
  const aludel::text::Tokenizer& tokenizer = loaded.value();
  for (const std::int32_t id : tokenizer.encode_for_model("<s> a <|im_end|>")) {
    ALUDEL_CHECK(id >= 0 && id < tokenizer.vocab_size(), "ids are pieces");
  }
  for (const std::int32_t id : aludel::text::stop_ids(tokenizer)) {
    ALUDEL_CHECK(id >= 0 && id < tokenizer.vocab_size(), "stop ids are pieces");
  }
  const std::vector<aludel::text::ChatMessage> chat = {{"user", "a"}};
  ALUDEL_CHECK(aludel::text::encode_chatml(tokenizer, chat, true).has_value() ==
                   aludel::text::can_chat(tokenizer),
               "who can chat can");
  return 0;
}
