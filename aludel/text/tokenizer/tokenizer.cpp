#include "aludel/text/tokenizer/tokenizer.h"

#include <algorithm>

namespace aludel::text {
namespace {

/// Drops spaces at both ends and all but one of several.
std::string remove_extra_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool is_named_special(std::string_view text) {
  return text.size() > 4 && text.starts_with("<|") && text.ends_with("|>");
}

}  // namespace

Result<Tokenizer> Tokenizer::make(TokenizerModel model) {
  ALUDEL_TRY(validate_model(model, "tokenizer"));
  return Tokenizer(std::move(model));
}

Tokenizer::Tokenizer(TokenizerModel model) : model_(std::move(model)), encoder_(model_) {
  for (std::size_t i = 0; i < model_.pieces.size(); ++i) {
    const Piece& piece = model_.pieces[i];
    const auto id = static_cast<std::int32_t>(i);
    ids_.emplace(piece.text, id);
    std::string& surface = surfaces_.emplace_back();
    if (piece.kind == PieceKind::byte) {
      surface += static_cast<char>(byte_of_piece(piece.text));
    } else if (piece.kind == PieceKind::unknown) {
      surface = model_.unknown_surface;
    } else if (!is_special(id)) {
      surface = marks_to_spaces(piece.text);
    }
    if (piece.kind == PieceKind::user_defined && !is_special(id)) {
      add_cut(user_defined_, marks_to_spaces(piece.text), id);
    }
    if (is_special(id)) add_cut(specials_, piece.text, id);
  }
}

void Tokenizer::add_cut(Cuts& cuts, std::string text, std::int32_t id) {
  std::vector<Cut>& same_start = cuts[text[0]];
  same_start.push_back({std::move(text), id});
  std::ranges::stable_sort(same_start, std::ranges::greater(),
                           [](const Cut& cut) { return cut.text.size(); });
}

/// The longest of the cuts that the text has at that place, or null.
const Tokenizer::Cut* Tokenizer::find_cut(const Cuts& cuts, std::string_view text, std::size_t at) {
  const auto same_start = cuts.find(text[at]);
  if (same_start == cuts.end()) return nullptr;
  const std::string_view rest = text.substr(at);
  const auto found = std::ranges::find_if(
      same_start->second, [rest](const Cut& cut) { return rest.starts_with(cut.text); });
  return found == same_start->second.end() ? nullptr : &*found;
}

/// Calls between(text) for each stretch of text without a cut and found(id) for each cut.
template <class Between, class Found>
void Tokenizer::split_at_cuts(const Cuts& cuts, std::string_view text, const Between& between,
                              const Found& found) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size() && !cuts.empty();) {
    const Cut* cut = find_cut(cuts, text, at);
    if (cut == nullptr) {
      ++at;
      continue;
    }
    if (at > begin) between(text.substr(begin, at - begin));
    found(cut->id);
    at += cut->text.size();
    begin = at;
  }
  if (begin < text.size()) between(text.substr(begin));
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view text, Place place,
                                            EncodeMemo* memo) const {
  std::vector<std::int32_t> ids;
  ids.reserve(text.size() / 3);
  if (!text.empty()) encode_segment(text, place, ids, memo);
  return ids;
}

std::vector<std::int32_t> Tokenizer::encode_for_model(std::string_view text,
                                                      EncodeMemo* memo) const {
  std::vector<std::int32_t> ids = encode(text, Place::start, memo);
  if (const auto begin = text_begin()) ids.insert(ids.begin(), *begin);
  return ids;
}

std::vector<std::int32_t> Tokenizer::encode_with_specials(std::string_view text) const {
  std::vector<std::int32_t> ids;
  Place place = Place::start;  // specials in front of the first text do not count
  split_at_cuts(
      specials_, text,
      [&](std::string_view segment) {
        encode_segment(segment, place, ids);
        place = Place::middle;
      },
      [&](std::int32_t id) { ids.push_back(id); });
  return ids;
}

void Tokenizer::encode_segment(std::string_view text, Place place, std::vector<std::int32_t>& ids,
                               EncodeMemo* memo) const {
  const bool prefix = (model_.dummy_prefix == DummyPrefix::every_segment ||
                       (model_.dummy_prefix == DummyPrefix::text && place == Place::start)) &&
                      (model_.prefix_before_space || text[0] != ' ');
  const bool has_mark = !model_.keep_space_mark && text.find(kSpaceMark) != std::string_view::npos;
  std::string normal;
  if (has_mark || prefix || model_.remove_extra_spaces) {
    normal = has_mark ? marks_to_spaces(text) : std::string(text);
    if (model_.remove_extra_spaces) normal = remove_extra_spaces(normal);
    if (normal.empty()) return;
    if (prefix) normal.insert(0, 1, ' ');
    text = normal;
  }
  split_at_cuts(
      user_defined_, text, [&](std::string_view stretch) { encoder_.encode(stretch, ids, memo); },
      [&](std::int32_t id) { ids.push_back(id); });
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids) const {
  std::string out;
  Place place = Place::start;
  for (const std::int32_t id : ids) {
    append_surface(id, place, out);
  }
  return out;
}

/// `place` is start until a text, or the space that encoding puts in front, was seen.
void Tokenizer::append_surface(std::int32_t id, Place& place, std::string& out) const {
  std::string_view text = surface(id);
  if (text.empty()) return;
  const bool has_prefix = model_.dummy_prefix != DummyPrefix::none || model_.remove_extra_spaces;
  const PieceKind kind = model_.pieces[static_cast<std::size_t>(id)].kind;
  const bool is_text = kind == PieceKind::normal || kind == PieceKind::user_defined;
  const bool drop = place == Place::start && has_prefix && is_text && text[0] == ' ';
  if (drop) text.remove_prefix(1);
  if (!text.empty() || !model_.remove_extra_spaces) place = Place::middle;
  out += text;
}

std::string_view Tokenizer::surface(std::int32_t id) const {
  return id < 0 || id >= vocab_size() ? std::string_view()
                                      : surfaces_[static_cast<std::size_t>(id)];
}

std::optional<std::int32_t> Tokenizer::id_of(std::string_view piece) const {
  const auto found = ids_.find(piece);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

bool Tokenizer::is_special(std::int32_t id) const {
  if (id < 0 || id >= vocab_size()) return false;
  const Piece& piece = model_.pieces[static_cast<std::size_t>(id)];
  return piece.kind == PieceKind::control || piece.kind == PieceKind::unknown ||
         (piece.kind == PieceKind::user_defined && is_named_special(piece.text));
}

std::optional<std::int32_t> Tokenizer::begin_id() const {
  if (model_.begin_id < 0) return std::nullopt;
  return model_.begin_id;
}

std::optional<std::int32_t> Tokenizer::end_id() const {
  if (model_.end_id < 0) return std::nullopt;
  return model_.end_id;
}

std::optional<std::int32_t> Tokenizer::text_begin() const {
  return model_.begins_texts ? begin_id() : std::nullopt;
}

std::optional<std::int32_t> Tokenizer::chat_begin() const {
  return model_.begins_chats ? begin_id() : std::nullopt;
}

}  // namespace aludel::text
