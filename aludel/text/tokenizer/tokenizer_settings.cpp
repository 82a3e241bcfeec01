#include "aludel/text/tokenizer/tokenizer_settings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "aludel/io/json_file.h"

namespace aludel::text {
namespace {

constexpr std::array<std::string_view, 4> kLlamaClasses = {
    "LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer", "CodeLlamaTokenizerFast"};

Error of_another_type(std::string_view path, std::string_view key, const Json& value) {
  return {Code::corrupt_data,
          fmt::format("{}: [tokenizer] {} is {}", path, key, value.dump().substr(0, 80))};
}

/// The text of a token that is written as such or as {"content": "<s>", …}; empty: not stated.
std::string token_text(const Json* token) {
  if (token == nullptr) return {};
  return token->is_string() ? token->as_string() : token->string_or("content", "");
}

Result<std::optional<bool>> read_flag(const Json& json, std::string_view path,
                                      std::string_view key) {
  const Json* flag = json.find(key);
  if (flag == nullptr || flag->is_null()) return std::optional<bool>();
  if (!flag->is_bool()) return of_another_type(path, key, *flag);
  return std::optional<bool>(flag->as_bool());
}

/// The template of that key: one text, or a list of named ones, of which "default" counts.
Result<std::string> read_template(const Json& json, std::string_view path) {
  const Json* value = json.find("chat_template");
  if (value == nullptr || value->is_null()) return std::string();
  if (value->is_string()) return value->as_string();
  if (!value->is_array()) return of_another_type(path, "chat_template", *value);
  std::string chosen;
  for (const Json& named : value->as_array()) {
    if (named.string_or("name", "") == "default") chosen = named.string_or("template", "");
  }
  return chosen;
}

/// Adds the texts of all tokens that the file names as specials.
void add_specials(const Json& json, std::vector<std::string>& specials) {
  for (const char* key : {"bos_token", "eos_token", "unk_token", "pad_token", "sep_token",
                          "cls_token", "mask_token"}) {
    specials.push_back(token_text(json.find(key)));
  }
  const Json* more = json.find("additional_special_tokens");
  if (more == nullptr || !more->is_array()) return;
  for (const Json& token : more->as_array()) {
    specials.push_back(token_text(&token));
  }
}

}  // namespace

bool TokenizerSettings::is_llama() const {
  return std::ranges::find(kLlamaClasses, tokenizer_class) != kLlamaClasses.end();
}

Result<TokenizerSettings> read_tokenizer_settings(io::FileSystem& files,
                                                  const std::string& folder) {
  const std::string path = io::join_path(folder, "tokenizer_config.json");
  const Json config = ALUDEL_TRY(io::read_optional_json_object(files, path));
  const Json map = ALUDEL_TRY(
      io::read_optional_json_object(files, io::join_path(folder, "special_tokens_map.json")));
  TokenizerSettings settings;
  settings.tokenizer_class = config.string_or("tokenizer_class", "");
  settings.adds_begin = ALUDEL_TRY(read_flag(config, path, "add_bos_token"));
  settings.adds_end = ALUDEL_TRY(read_flag(config, path, "add_eos_token"));
  const auto name_of = [&](std::string_view key) {
    std::string text = token_text(config.find(key));
    return text.empty() ? token_text(map.find(key)) : text;
  };
  settings.begin_piece = name_of("bos_token");
  settings.end_piece = name_of("eos_token");
  settings.flags_file = path;
  settings.chat_template = ALUDEL_TRY(read_template(config, path));
  settings.chat_template_file = path;
  const std::string jinja_path = io::join_path(folder, "chat_template.jinja");
  const auto jinja = io::read_file(files, jinja_path);
  if (jinja) {
    settings.chat_template = jinja.value();
    settings.chat_template_file = jinja_path;
  }
  if (!jinja && jinja.error().code != Code::not_found) return jinja.error();
  std::vector<std::string> specials;
  add_specials(config, specials);
  add_specials(map, specials);
  auto added = read_added_tokens_file(
      ALUDEL_TRY(io::read_optional_json_object(files, io::join_path(folder, "added_tokens.json"))),
      specials);
  if (!added) return std::move(added).error().with_context(folder);
  settings.added = std::move(added).value();
  auto decoder = read_added_tokens_decoder(config.find("added_tokens_decoder"));
  if (!decoder) return std::move(decoder).error().with_context(folder);
  std::ranges::move(decoder.value(), std::back_inserter(settings.added));
  return settings;
}

}  // namespace aludel::text
