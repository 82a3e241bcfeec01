#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/io/exists.h"
#include "aludel/io/json_file.h"
#include "aludel/io/stand_in.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/text/tokenizer/tokenizer_json.h"
#include "aludel/text/tokenizer/tokenizer_settings.h"

namespace aludel::text {
namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{1} << 30;

// tokenizer.model first: a tokenizer.json is often converted from it, with losses.
constexpr const char* kVocabularies[] = {"tokenizer.model", "tokenizer.json"};

/// A JSON file starts with an object, a SentencePiece file with the tag of its first piece.
bool is_json(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

/// The files that state one tokenizer together.
struct TokenizerFiles {
  std::string vocabulary;
  std::string folder;        // empty: the vocabulary stands alone
  bool beside_json = false;  // a tokenizer.json stands beside a tokenizer.model
};

Result<TokenizerFiles> find_tokenizer_files(io::FileSystem& files, const std::string& path) {
  TokenizerFiles found;
  if (files.info(path)) {
    found.vocabulary = path;
    const std::string folder = io::folder_of(path);
    for (const char* name : kVocabularies) {
      if (io::join_path(folder, name) == path) found.folder = folder;
    }
    if (path == kVocabularies[0] || path == kVocabularies[1]) found.folder = ".";
  } else {
    found.folder = path;
    for (const char* name : kVocabularies) {
      const std::string inside = io::join_path(path, name);
      if (found.vocabulary.empty() && ALUDEL_TRY(io::exists(files, inside)))
        found.vocabulary = inside;
    }
  }
  if (found.vocabulary.empty()) {
    return Error{Code::not_found, path + ": no tokenizer.model or tokenizer.json here"};
  }
  if (!found.folder.empty() && found.vocabulary.ends_with(kVocabularies[0])) {
    found.beside_json =
        ALUDEL_TRY(io::exists(files, io::join_path(found.folder, kVocabularies[1])));
  }
  return found;
}

/// Takes over what a tokenizer.json beside a tokenizer.model states.
Status add_beside_json(const Json& json, TokenizerModel& model) {
  ALUDEL_TRY(check_vocabulary(json, model));
  return add_tokens(ALUDEL_TRY(read_added_tokens(json.find("added_tokens"))), model);
}

Result<std::int32_t> id_of_named(const TokenizerModel& model, std::string_view key,
                                 const std::string& text, std::int32_t otherwise) {
  if (text.empty()) return otherwise;
  const auto found = std::ranges::find(model.pieces, text, &Piece::text);
  if (found == model.pieces.end()) {
    return Error{Code::corrupt_data,
                 fmt::format("[tokenizer] {} is '{}', which no file gives an id", key, text)};
  }
  return static_cast<std::int32_t>(found - model.pieces.begin());
}

/// Decides whether the begin id stands in front of every text, in transformers' order: what
/// add_bos_token says; Llama's class, which is also the one for a tokenizer.model alone; the
/// post_processor.
Status decide_begin(const TokenizerSettings& settings, const PostProcessor& post, bool has_json,
                    TokenizerModel& model) {
  const bool is_llama = settings.is_llama() || !has_json;
  const bool follows_post = !settings.adds_begin && !is_llama;
  model.begin_id = post.begin_id.value_or(model.begin_id);
  if (!follows_post || !post.begin_id) {
    model.begin_id =
        ALUDEL_TRY(id_of_named(model, "bos_token", settings.begin_piece, model.begin_id));
  }
  model.begins_texts =
      follows_post ? post.begin_id.has_value() : settings.adds_begin.value_or(model.begin_id >= 0);
  model.end_id = ALUDEL_TRY(id_of_named(model, "eos_token", settings.end_piece, model.end_id));
  return Ok{};
}

/// REQUIRES: a valid begin id.
void decide_chat(const std::string& chat_template, TokenizerModel& model) {
  if (chat_template.empty()) return;
  const auto writes = [&](std::string_view text) {
    return chat_template.find(text) != std::string::npos;
  };
  const bool is_chatml = writes(kMessageStart) && writes(kMessageEnd);
  model.chat_template = is_chatml ? ChatTemplate::chatml : ChatTemplate::other;
  if (!is_chatml || model.begin_id < 0) return;
  const std::string& begin = model.pieces[static_cast<std::size_t>(model.begin_id)].text;
  // Some tokenizers call <|im_start|> their begin piece, which every message writes anyway.
  model.begins_chats = begin != kMessageStart && (writes("bos_token") || writes(begin));
}

/// Says what the files ask for and this program does not do, each with the file that asks.
void warn_of_unfollowed(const TokenizerSettings& settings, const PostProcessor& post, bool has_json,
                        const TokenizerModel& model, const std::string& post_file) {
  const bool flags_count = settings.is_llama() || !has_json || settings.adds_end;
  if (flags_count ? settings.adds_end.value_or(false) : post.adds_end) {
    log_warning(
        "{}: the tokenizer would put an end id behind every text; none is put there, since "
        "texts are to be continued",
        flags_count ? settings.flags_file : post_file);
  }
  if (model.chat_template == ChatTemplate::other) {
    log_warning("{}: the chat template is not ChatML, the only one that can be written",
                settings.chat_template_file);
  }
  if (settings.chat_template.find("<|im_start|>system") != std::string::npos) {
    log_warning("{}: the chat template may write a system text of its own; none is written",
                settings.chat_template_file);
  }
}

/// Joins a vocabulary with what the files beside it say; `json` is its tokenizer.json, if any.
Status join_files(const TokenizerFiles& found, const TokenizerSettings& settings, const Json* json,
                  TokenizerModel& model) {
  PostProcessor post;
  if (json != nullptr) {
    if (found.beside_json) ALUDEL_TRY(add_beside_json(*json, model));
    post = ALUDEL_TRY(read_post_processor(json->find("post_processor")));
  }
  ALUDEL_TRY(add_tokens(settings.added, model));
  ALUDEL_TRY(decide_begin(settings, post, json != nullptr, model));
  ALUDEL_TRY(validate_model(model, "tokenizer"));
  decide_chat(settings.chat_template, model);
  warn_of_unfollowed(
      settings, post, json != nullptr, model,
      found.beside_json ? io::join_path(found.folder, kVocabularies[1]) : found.vocabulary);
  return Ok{};
}

}  // namespace

Result<Tokenizer> Tokenizer::load(io::FileSystem& files, const std::string& path) {
  const TokenizerFiles found = ALUDEL_TRY(find_tokenizer_files(files, path));
  const std::string bytes = ALUDEL_TRY(io::read_file(files, found.vocabulary, kMaxFileBytes));
  if (bytes.empty()) return Error{Code::corrupt_data, found.vocabulary + ": the file is empty"};
  ALUDEL_TRY(io::expect_no_stand_in(bytes, found.vocabulary));
  Json json;
  if (is_json(bytes)) {
    json = ALUDEL_TRY(io::parse_json_object(bytes, found.vocabulary));
  } else if (found.beside_json) {
    json = ALUDEL_TRY(io::read_json_object(files, io::join_path(found.folder, kVocabularies[1])));
  }
  auto model = is_json(bytes) ? read_tokenizer_json(json) : parse_sentencepiece(bytes);
  if (!model) return std::move(model).error().with_context(found.vocabulary);
  TokenizerSettings settings;  // an error of theirs names the file by itself
  if (!found.folder.empty()) settings = ALUDEL_TRY(read_tokenizer_settings(files, found.folder));
  Status joined = join_files(found, settings, json.is_object() ? &json : nullptr, model.value());
  if (!joined) {
    const std::string& where = found.folder.empty() ? found.vocabulary : found.folder;
    return std::move(joined).error().with_context(where);
  }
  return Tokenizer(std::move(model).value());
}

Result<std::vector<TokenizerFile>> Tokenizer::files_of(io::FileSystem& files,
                                                       const std::string& path) {
  const TokenizerFiles found = ALUDEL_TRY(find_tokenizer_files(files, path));
  if (found.folder.empty()) {
    const std::string bytes = ALUDEL_TRY(io::read_file(files, found.vocabulary, kMaxFileBytes));
    return std::vector<TokenizerFile>{{found.vocabulary, kVocabularies[is_json(bytes) ? 1 : 0]}};
  }
  std::vector<TokenizerFile> all;
  const auto add = [&](const char* name) {
    all.push_back({io::join_path(found.folder, name), name});
  };
  add(found.vocabulary.ends_with(kVocabularies[0]) ? kVocabularies[0] : kVocabularies[1]);
  if (found.beside_json) add(kVocabularies[1]);
  for (const char* name : kTokenizerSettingsFiles) {
    if (ALUDEL_TRY(io::exists(files, io::join_path(found.folder, name)))) add(name);
  }
  return all;
}

Status Tokenizer::save(io::FileSystem& files, const std::string& folder) const {
  if (model_.merges.empty()) {
    ALUDEL_TRY(io::write_file(files, io::join_path(folder, "tokenizer.model"),
                              write_sentencepiece(model_)));
  }
  return io::write_file(files, io::join_path(folder, "tokenizer.json"),
                        write_tokenizer_json(model_));
}

}  // namespace aludel::text
