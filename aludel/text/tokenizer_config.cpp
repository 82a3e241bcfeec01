#include "aludel/text/tokenizer_config.h"

#include "aludel/text/chat_template.h"

namespace aludel::text {

Json tokenizer_config(const Tokenizer& tokenizer) {
  Json json = Json::object();
  json["tokenizer_class"] = "PreTrainedTokenizerFast";
  json["add_bos_token"] = tokenizer.text_begin().has_value();
  json["add_eos_token"] = false;
  json["clean_up_tokenization_spaces"] = false;
  const auto name = [&](std::string_view key, std::optional<std::int32_t> id) {
    if (id && *id >= 0 && *id < tokenizer.vocab_size()) json[key] = tokenizer.piece(*id);
  };
  name("bos_token", tokenizer.begin_id());
  name("eos_token", tokenizer.end_id());
  name("unk_token", tokenizer.model().unknown_id);
  name("pad_token", tokenizer.model().unknown_id);
  if (can_chat(tokenizer)) json["chat_template"] = kChatmlJinja;
  return json;
}

}  // namespace aludel::text
