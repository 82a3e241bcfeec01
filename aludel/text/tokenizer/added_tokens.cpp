#include "aludel/text/tokenizer/added_tokens.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

namespace aludel::text {
namespace {

Error corrupt(std::string_view file, std::string_view what) {
  return {Code::corrupt_data, fmt::format("[{}] {}", file, what)};
}

Result<AddedToken> read_token(const Json& token, std::int64_t id, std::string_view file) {
  const std::string text = token.string_or("content", "");
  if (text.empty()) return corrupt(file, "an added token without content");
  for (const char* flag : {"single_word", "lstrip", "rstrip"}) {
    if (token.bool_or(flag, false)) {
      return Error{Code::unsupported,
                   fmt::format("[{}] added token '{}' with {}", file, text, flag)};
    }
  }
  return AddedToken{text, id, token.bool_or("special", false), std::string(file)};
}

void make_added(Piece& piece, const AddedToken& token) {
  const bool is_plain = piece.text.empty() || piece.kind == PieceKind::normal;
  if (is_plain) piece.kind = PieceKind::user_defined;
  if (token.special && piece.kind == PieceKind::user_defined) piece.kind = PieceKind::control;
  piece.text = token.text;
}

}  // namespace

Result<std::vector<AddedToken>> read_added_tokens(const Json* list) {
  constexpr std::string_view kFile = "tokenizer.json";
  std::vector<AddedToken> tokens;
  if (list == nullptr || list->is_null()) return tokens;
  if (!list->is_array()) return corrupt(kFile, "added_tokens is no list");
  for (const Json& token : list->as_array()) {
    tokens.push_back(ALUDEL_TRY(read_token(token, token.integer_or("id", -1), kFile)));
  }
  return tokens;
}

Result<std::vector<AddedToken>> read_added_tokens_decoder(const Json* object) {
  constexpr std::string_view kFile = "tokenizer_config.json";
  std::vector<AddedToken> tokens;
  if (object == nullptr || object->is_null()) return tokens;
  if (!object->is_object()) return corrupt(kFile, "added_tokens_decoder is no object");
  for (const auto& [key, token] : object->as_object()) {
    std::int64_t id = -1;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    if (error != std::errc() || end != key.data() + key.size()) {
      return corrupt(kFile, fmt::format("added_tokens_decoder has the id '{}'", key));
    }
    tokens.push_back(ALUDEL_TRY(read_token(token, id, kFile)));
  }
  return tokens;
}

Result<std::vector<AddedToken>> read_added_tokens_file(const Json& object,
                                                       std::span<const std::string> specials) {
  constexpr std::string_view kFile = "added_tokens.json";
  std::vector<AddedToken> tokens;
  for (const auto& [text, id] : object.as_object()) {
    if (!id.is_integer()) return corrupt(kFile, fmt::format("'{}' has the id {}", text, id.dump()));
    const bool special = std::ranges::find(specials, text) != specials.end();
    tokens.push_back({text, id.as_integer(), special, std::string(kFile)});
  }
  return tokens;
}

Status add_tokens(std::span<const AddedToken> tokens, TokenizerModel& model) {
  const std::size_t limit = std::min(model.pieces.size() + tokens.size(), kMaxPieces);
  model.pieces.reserve(limit);  // so that views of the texts stay valid
  std::unordered_map<std::string_view, std::size_t> ids;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    if (!model.pieces[id].text.empty()) ids.emplace(model.pieces[id].text, id);
  }
  for (const AddedToken& token : tokens) {
    if (token.text.empty()) return corrupt(token.file, "an added token without a text");
    if (token.id < 0 || static_cast<std::size_t>(token.id) >= limit) {
      return corrupt(token.file, fmt::format("added token '{}' has the id {}; with all added "
                                             "tokens there are {} pieces",
                                             token.text, token.id, limit));
    }
    const auto place = static_cast<std::size_t>(token.id);
    const auto known = ids.find(token.text);
    if (known != ids.end() && known->second != place) {
      return corrupt(token.file, fmt::format("'{}' has the id {}, but {} elsewhere in this folder",
                                             token.text, token.id, known->second));
    }
    if (model.pieces.size() <= place) model.pieces.resize(place + 1);
    Piece& piece = model.pieces[place];
    if (!piece.text.empty() && piece.text != token.text) {
      return corrupt(token.file, fmt::format("the id {} is '{}', but '{}' elsewhere in this folder",
                                             token.id, token.text, piece.text));
    }
    make_added(piece, token);
    ids.emplace(piece.text, place);
  }
  return Ok{};
}

}  // namespace aludel::text
