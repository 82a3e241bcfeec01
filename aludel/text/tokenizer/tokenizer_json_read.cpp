#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/text/tokenizer/added_tokens.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

using PieceIds = std::unordered_map<std::string_view, std::int32_t>;

constexpr std::string_view kJsonFormat = "tokenizer.json";

Error corrupt_json(std::string_view what) {
  return Error{Code::corrupt_data, fmt::format("[{}] {}", kJsonFormat, what)};
}

Error unsupported_json(std::string_view what) {
  return Error{Code::unsupported, fmt::format("[{}] {}", kJsonFormat, what)};
}

bool is_absent(const Json* value) {
  return value == nullptr || value->is_null() || (value->is_bool() && !value->as_bool()) ||
         (value->is_number() && value->as_number() == 0) ||
         (value->is_string() && value->as_string().empty());
}

/// What stands for a space, and whether one is put in front.
struct SpaceRules {
  bool spaces_marked = false;
};

Status read_normalizer(const Json* rule, TokenizerModel& model, SpaceRules& rules) {
  if (is_absent(rule)) return Ok{};
  const std::string type = rule->string_or("type", "");
  if (type == "Sequence") {
    const Json* steps = rule->find("normalizers");
    if (steps == nullptr || !steps->is_array())
      return corrupt_json("a Sequence without normalizers");
    for (const Json& step : steps->as_array()) {
      if (step.string_or("type", "") == "Sequence") return unsupported_json("a nested Sequence");
      ALUDEL_TRY(read_normalizer(&step, model, rules));
    }
    return Ok{};
  }
  if (type == "Prepend" && rule->string_or("prepend", "") == kSpaceMark) {
    model.dummy_prefix = DummyPrefix::every_segment;
    return Ok{};
  }
  const Json* pattern = rule->find("pattern");
  if (type == "Replace" && pattern != nullptr && pattern->string_or("String", "") == " " &&
      rule->string_or("content", "") == kSpaceMark) {
    rules.spaces_marked = true;
    return Ok{};
  }
  return unsupported_json("a normalizer of type '" + type +
                          "', expected Prepend and Replace of spaces");
}

Status read_pre_tokenizer(const Json* rule, TokenizerModel& model, SpaceRules& rules) {
  if (is_absent(rule)) return Ok{};
  const std::string type = rule->string_or("type", "");
  if (type != "Metaspace" || rule->string_or("replacement", "") != kSpaceMark ||
      rule->bool_or("split", true)) {
    return unsupported_json("a pre_tokenizer of type '" + type +
                            "', expected Metaspace without split");
  }
  rules.spaces_marked = true;
  const std::string scheme = rule->string_or("prepend_scheme", "always");
  model.prefix_before_space = false;
  if (scheme == "first") model.dummy_prefix = DummyPrefix::text;
  if (scheme == "always") model.dummy_prefix = DummyPrefix::every_segment;
  return Ok{};
}

Status place_piece(TokenizerModel& model, std::string_view text, std::int64_t id, PieceKind kind) {
  if (id < 0 || static_cast<std::size_t>(id) >= kMaxPieces) {
    return corrupt_json(fmt::format("piece '{}' has the id {}", text, id));
  }
  const auto place = static_cast<std::size_t>(id);
  if (model.pieces.size() <= place) model.pieces.resize(place + 1);
  Piece& piece = model.pieces[place];
  if (!piece.text.empty() && piece.text != text) {
    return corrupt_json(fmt::format("'{}' and '{}' have the id {}", piece.text, text, id));
  }
  piece.text = text;
  piece.kind = kind;
  return Ok{};
}

Status read_vocabulary(const Json& bpe, TokenizerModel& model) {
  const Json* vocabulary = bpe.find("vocab");
  if (vocabulary == nullptr || !vocabulary->is_object()) return corrupt_json("no model.vocab");
  for (const auto& [text, id] : vocabulary->as_object()) {
    if (!id.is_integer()) return corrupt_json("an id that is no integer");
    // An id beyond all entries would only leave holes, which added tokens may fill up.
    if (id.as_integer() >= static_cast<std::int64_t>(2 * vocabulary->as_object().size() + 4096)) {
      return corrupt_json(fmt::format("piece '{}' has the id {}", text, id.as_integer()));
    }
    const bool is_byte = byte_of_piece(text) >= 0;
    ALUDEL_TRY(
        place_piece(model, text, id.as_integer(), is_byte ? PieceKind::byte : PieceKind::normal));
  }
  return Ok{};
}

/// The two texts of a merge: "a b" or ["a", "b"].
std::optional<std::array<std::string_view, 2>> texts_of_merge(const Json& merge) {
  if (merge.is_string()) {
    const std::string_view text = merge.as_string();
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    return std::array{text.substr(0, space), text.substr(space + 1)};
  }
  if (!merge.is_array() || merge.as_array().size() != 2) return std::nullopt;
  const Json& left = merge.as_array()[0];
  const Json& right = merge.as_array()[1];
  if (!left.is_string() || !right.is_string()) return std::nullopt;
  return std::array<std::string_view, 2>{left.as_string(), right.as_string()};
}

Status read_merges(const Json& bpe, const PieceIds& ids, TokenizerModel& model) {
  const Json* merges = bpe.find("merges");
  if (merges == nullptr || !merges->is_array()) return corrupt_json("no model.merges");
  const auto id_of = [&ids](std::string_view text) {
    const auto found = ids.find(text);
    return found == ids.end() ? -1 : found->second;
  };
  std::vector<bool> scored(model.pieces.size(), false);
  for (const Json& merge : merges->as_array()) {
    const auto texts = texts_of_merge(merge);
    if (!texts.has_value()) return corrupt_json("a merge that is no pair");
    const auto& [left, right] = *texts;
    const std::int32_t result = id_of(std::string(left).append(right));
    if (id_of(left) < 0 || id_of(right) < 0 || result < 0) {
      return corrupt_json(fmt::format("merge '{} {}' names a missing piece", left, right));
    }
    const auto place = static_cast<std::size_t>(result);
    if (!scored[place]) model.pieces[place].score = -static_cast<float>(model.merges.size());
    scored[place] = true;
    model.merges.push_back({id_of(left), id_of(right), result});
  }
  return Ok{};
}

Status check_bpe(const Json& bpe) {
  if (bpe.string_or("type", "BPE") != "BPE") {
    return unsupported_json("a model of type '" + bpe.string_or("type", "") + "', expected BPE");
  }
  if (!bpe.bool_or("byte_fallback", false)) return unsupported_json("a BPE without byte_fallback");
  for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!is_absent(bpe.find(key))) return unsupported_json(std::string("a BPE with ") + key);
  }
  return Ok{};
}

void name_specials(const Json& bpe, const PieceIds& ids, TokenizerModel& model) {
  const auto first_of = [&](std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
      const auto found = ids.find(name);
      if (found == ids.end()) continue;
      const PieceKind kind = model.pieces[static_cast<std::size_t>(found->second)].kind;
      if (kind == PieceKind::control) return found->second;
    }
    return -1;
  };
  model.begin_id = first_of({"<|startoftext|>", "<s>", "<bos>", "<|begin_of_text|>"});
  model.end_id = first_of({"<|endoftext|>", "</s>", "<eos>", "<|end_of_text|>"});
  const auto unknown = ids.find(bpe.string_or("unk_token", "<unk>"));
  if (unknown == ids.end()) return;
  model.unknown_id = unknown->second;
  model.pieces[static_cast<std::size_t>(unknown->second)].kind = PieceKind::unknown;
}

}  // namespace

Result<TokenizerModel> read_tokenizer_json(const Json& file) {
  const Json* bpe = file.find("model");
  if (bpe == nullptr || !bpe->is_object()) return corrupt_json("no model");
  ALUDEL_TRY(check_bpe(*bpe));
  TokenizerModel model;
  SpaceRules rules;
  ALUDEL_TRY(read_normalizer(file.find("normalizer"), model, rules));
  ALUDEL_TRY(read_pre_tokenizer(file.find("pre_tokenizer"), model, rules));
  if (!rules.spaces_marked) return unsupported_json("spaces that are not written U+2581");
  ALUDEL_TRY(read_vocabulary(*bpe, model));
  ALUDEL_TRY(add_tokens(ALUDEL_TRY(read_added_tokens(file.find("added_tokens"))), model));
  PieceIds ids;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    ids.emplace(model.pieces[id].text, static_cast<std::int32_t>(id));
  }
  ALUDEL_TRY(read_merges(*bpe, ids, model));
  name_specials(*bpe, ids, model);
  model.keep_space_mark = bpe->bool_or("keep_space_mark", false);
  ALUDEL_TRY(validate_model(model, kJsonFormat));
  return model;
}

}  // namespace aludel::text
