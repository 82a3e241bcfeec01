#include <algorithm>
#include <unordered_map>

#include "aludel/base/json.h"
#include "aludel/base/utf8.h"
#include "aludel/text/tokenizer/tokenizer_json.h"

namespace aludel::text {
namespace {

Json replace_step(std::string_view from, std::string_view to) {
  Json step = Json::object();
  step["type"] = "Replace";
  step["pattern"]["String"] = from;
  step["content"] = to;
  return step;
}

Json typed(std::string_view type) {
  Json step = Json::object();
  step["type"] = type;
  return step;
}

Json write_json_normalizer(const TokenizerModel& model) {
  Json sequence = typed("Sequence");
  sequence["normalizers"] = Json::array();
  if (model.dummy_prefix != DummyPrefix::none) {
    Json prepend = typed("Prepend");
    prepend["prepend"] = kSpaceMark;
    sequence["normalizers"].push_back(std::move(prepend));
  }
  sequence["normalizers"].push_back(replace_step(" ", kSpaceMark));
  return sequence;
}

Json write_json_decoder(const TokenizerModel& model) {
  Json sequence = typed("Sequence");
  sequence["decoders"] = Json::array();
  sequence["decoders"].push_back(replace_step(kSpaceMark, " "));
  sequence["decoders"].push_back(typed("ByteFallback"));
  sequence["decoders"].push_back(typed("Fuse"));
  if (model.dummy_prefix != DummyPrefix::none) {
    Json strip = typed("Strip");
    strip["content"] = " ";
    strip["start"] = 1;
    strip["stop"] = 0;
    sequence["decoders"].push_back(std::move(strip));
  }
  return sequence;
}

Json write_json_added_tokens(const TokenizerModel& model) {
  Json tokens = Json::array();
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const Piece& piece = model.pieces[id];
    if (piece.kind == PieceKind::normal || piece.kind == PieceKind::byte) continue;
    Json token = Json::object();
    token["id"] = static_cast<std::int64_t>(id);
    token["content"] = piece.text;
    token["single_word"] = false;
    token["lstrip"] = false;
    token["rstrip"] = false;
    token["normalized"] = false;
    token["special"] = piece.kind != PieceKind::user_defined;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

/// Puts the begin id in front of a text where the model does.
Json write_json_post_processor(const TokenizerModel& model) {
  if (!model.begins_texts) return {};
  const std::string& name = model.pieces[static_cast<std::size_t>(model.begin_id)].text;
  const auto part = [](std::string_view kind, std::string_view id, int type) {
    Json json = Json::object();
    json[kind]["id"] = id;
    json[kind]["type_id"] = type;
    return json;
  };
  Json step = typed("TemplateProcessing");
  step["single"] = Json::Array{part("SpecialToken", name, 0), part("Sequence", "A", 0)};
  step["pair"] = Json::Array{part("SpecialToken", name, 0), part("Sequence", "A", 0),
                             part("SpecialToken", name, 1), part("Sequence", "B", 1)};
  Json& special = step["special_tokens"][name];
  special["id"] = name;
  special["ids"] = Json::Array{Json(model.begin_id)};
  special["tokens"] = Json::Array{Json(name)};
  return step;
}

// HF ranks pairs, SentencePiece scores their result, so every way to split a piece is listed.
std::vector<Merge> merges_by_score(const TokenizerModel& model) {
  std::unordered_map<std::string_view, std::int32_t> ids;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    if (model.pieces[id].kind != PieceKind::normal) continue;
    ids.emplace(model.pieces[id].text, static_cast<std::int32_t>(id));
  }
  std::vector<Merge> merges;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const std::string_view text = model.pieces[id].text;
    if (model.pieces[id].kind != PieceKind::normal) continue;
    for (std::size_t at = 0; at < text.size();) {
      at += decode_utf8(text, at).size_bytes;
      const auto left = ids.find(text.substr(0, at));
      const auto right = ids.find(text.substr(at));
      if (left == ids.end() || right == ids.end()) continue;
      merges.push_back({left->second, right->second, static_cast<std::int32_t>(id)});
    }
  }
  const auto score = [&model](const Merge& merge) {
    return model.pieces[static_cast<std::size_t>(merge.result)].score;
  };
  std::ranges::stable_sort(merges, std::ranges::greater(), score);
  return merges;
}

}  // namespace

std::string write_tokenizer_json(const TokenizerModel& model) {
  Json bpe = typed("BPE");
  bpe["dropout"] = Json();
  bpe["unk_token"] = model.pieces[static_cast<std::size_t>(model.unknown_id)].text;
  bpe["continuing_subword_prefix"] = Json();
  bpe["end_of_word_suffix"] = Json();
  bpe["fuse_unk"] = true;
  bpe["byte_fallback"] = model.byte_fallback;
  bpe["ignore_merges"] = false;
  if (model.keep_space_mark) bpe["keep_space_mark"] = true;
  Json::Object vocabulary;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    vocabulary.emplace_back(model.pieces[id].text, static_cast<std::int64_t>(id));
  }
  bpe["vocab"] = std::move(vocabulary);
  Json::Array merges;
  for (const Merge& merge : model.merges.empty() ? merges_by_score(model) : model.merges) {
    merges.emplace_back(model.pieces[static_cast<std::size_t>(merge.left)].text + " " +
                        model.pieces[static_cast<std::size_t>(merge.right)].text);
  }
  bpe["merges"] = std::move(merges);

  Json file = Json::object();
  file["version"] = "1.0";
  file["truncation"] = Json();
  file["padding"] = Json();
  file["added_tokens"] = write_json_added_tokens(model);
  file["normalizer"] = write_json_normalizer(model);
  file["pre_tokenizer"] = Json();
  file["post_processor"] = write_json_post_processor(model);
  file["decoder"] = write_json_decoder(model);
  file["model"] = std::move(bpe);
  return file.dump() + "\n";
}

}  // namespace aludel::text
