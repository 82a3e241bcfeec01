#include "aludel/curate/cascade/notes.h"

#include <algorithm>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/curate/cascade/cascade.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kWouldDrop = "would_drop";
constexpr std::string_view kWouldDropScore = "would_drop_score";
constexpr std::string_view kStored = "stored";

std::uint64_t text_key(const std::string& text) {
  return hash64(text) >> 1;  // fits the signed integers of JSON
}

}  // namespace

void remove_note(Json& notes, std::string_view name) {
  if (!notes.is_object()) return;
  std::erase_if(notes.as_object(), [&](const Json::Member& note) { return note.first == name; });
}

void note_would_drop(Document& document, std::string_view layer, const Verdict& verdict) {
  Json& notes = document.annotations[layer];
  if (!notes.is_object()) notes = Json::object();
  notes[kWouldDrop] = verdict.reason;
  notes[kWouldDropScore] = verdict.score;
}

bool would_drop(const Document& document) {
  return std::ranges::any_of(document.annotations.as_object(), [](const Json::Member& member) {
    return member.second.find(kWouldDrop) != nullptr;
  });
}

void clear_would_drop(Document& document) {
  for (auto& [layer, notes] : document.annotations.as_object()) {
    remove_note(notes, kWouldDrop);
    remove_note(notes, kWouldDropScore);
  }
}

void begin_stored(Document& document, RunKind kind) {
  Json stored = Json::object();
  stored["text"] = text_key(document.text);
  stored["decided"] = kind == RunKind::decided;
  if (!document.rejected_by.empty()) {
    stored["rejected_by"] = document.rejected_by;
    stored["reason"] = document.reason;
    stored["score"] = document.score;
  }
  document.annotations[kStored] = std::move(stored);
  document.rejected_by.clear();
  document.reason.clear();
  document.score = 0;
  clear_would_drop(document);
  if (kind == RunKind::annotated) document.cluster.clear();  // this run finds near-duplicates anew
}

bool is_stored(const Document& document) {
  return document.annotations.find(kStored) != nullptr;
}

bool is_decided(const Document& document) {
  const Json* stored = document.annotations.find(kStored);
  return stored != nullptr && stored->bool_or("decided", false);
}

bool is_settled_at(const Document& document, std::string_view layer) {
  if (!is_decided(document)) return false;
  const std::string by = stored_rejected_by(document);
  return by.empty() || layer_place(by) >= layer_place(layer);
}

bool has_stored_text(const Document& document) {
  const Json* stored = document.annotations.find(kStored);
  ALUDEL_CHECK(stored != nullptr, "a document of a finished run");
  return static_cast<std::uint64_t>(stored->integer_or("text", 0)) == text_key(document.text);
}

std::string stored_rejected_by(const Document& document) {
  const Json* stored = document.annotations.find(kStored);
  return stored == nullptr ? "" : stored->string_or("rejected_by", "");
}

Verdict stored_verdict(const Document& document) {
  const Json* stored = document.annotations.find(kStored);
  ALUDEL_CHECK(stored != nullptr, "a document of a finished run");
  return {false, stored->string_or("reason", ""), stored->number_or("score", 0)};
}

void end_stored(Document& document) {
  remove_note(document.annotations, kStored);
}

std::size_t text_bytes_before(const Document& document, std::size_t place) {
  if (!is_stored(document)) return document.text.size();
  const auto order = cascade_order();
  for (std::size_t i = place; i < order.size(); ++i) {
    const Json* notes = document.annotations.find(order[i]);
    if (notes == nullptr) continue;
    const std::int64_t bytes = notes->integer_or("bytes_in", -1);
    if (bytes >= 0) return static_cast<std::size_t>(bytes);
  }
  return document.text.size();
}

bool was_edited(const Document& document, std::string_view layer) {
  const Json* notes = is_stored(document) ? document.annotations.find(layer) : nullptr;
  return notes != nullptr && notes->find("bytes_in") != nullptr;
}

std::size_t layer_place(std::string_view layer) {
  const auto order = cascade_order();
  return static_cast<std::size_t>(std::ranges::find(order, layer) - order.begin());
}

}  // namespace aludel::curate
