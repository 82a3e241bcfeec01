#pragma once
// What the files beside a vocabulary say: tokenizer_config.json, special_tokens_map.json,
// added_tokens.json and chat_template.jinja.

#include <optional>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/added_tokens.h"

namespace aludel::text {

/// The names of these files.
inline constexpr const char* kTokenizerSettingsFiles[] = {
    "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja"};

/// What a text is that no file states is empty.
struct TokenizerSettings {
  std::string tokenizer_class;
  std::optional<bool> adds_begin;  // add_bos_token
  std::optional<bool> adds_end;    // add_eos_token
  std::string begin_piece;         // bos_token
  std::string end_piece;           // eos_token
  std::string chat_template;
  std::string chat_template_file;  // that states it
  std::string flags_file;          // that states the flags
  std::vector<AddedToken> added;

  /// Whether the class is Llama's, which puts a begin id in front unless it is told not to and
  /// does not look at the post_processor of a tokenizer.json.
  bool is_llama() const;
};

/// Reads those of the files that are there. Where two name the begin or the end piece,
/// tokenizer_config.json counts, as in transformers; so does chat_template.jinja for the template.
/// Errors: those of reading; corrupt_data for members of another type.
Result<TokenizerSettings> read_tokenizer_settings(io::FileSystem& files, const std::string& folder);

}  // namespace aludel::text
