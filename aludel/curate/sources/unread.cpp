#include "aludel/curate/sources/unread.h"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/curate/sources/sources.h"

namespace aludel::curate {
namespace {

constexpr std::array<std::string_view, 2> kTold = {"forgotten", "not_sampled"};
constexpr std::array<std::string_view, 6> kOnPurpose = {
    "http_status", "media_type", "no_http", "revisit", "companion_file", "read_already"};
constexpr std::array<std::string_view, 3> kNothingThere = {"empty", "no_text", "unknown_format"};
constexpr std::size_t kShownFiles = 3;

bool is_one_of(std::string_view reason, std::span<const std::string_view> reasons) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

std::uint64_t count_of(const Json& json, std::string_view key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(json.integer_or(key, 0), 0));
}

/// Adds the counts of a table of reasons.
void add_reasons(std::map<std::string, std::uint64_t>& reasons, const Json* table) {
  if (table == nullptr || !table->is_object()) return;
  for (const auto& [reason, count] : table->as_object()) {
    if (count.is_integer()) reasons[reason] += static_cast<std::uint64_t>(count.as_integer());
  }
}

/// Returns the row of a ledger's source that says what was read; nullptr if there is none.
const Json* read_row(const Json& source) {
  const Json* layers = source.find("layers");
  if (layers == nullptr || !layers->is_array() || layers->as_array().empty()) return nullptr;
  return &layers->as_array().front();
}

const Json::Object& sources_of(const Json& ledger) {
  static const Json::Object none;
  const Json* sources = ledger.find("sources");
  return sources != nullptr && sources->is_object() ? sources->as_object() : none;
}

}  // namespace

bool is_told_to_leave_out(std::string_view reason) {
  return is_one_of(reason, kTold);
}

bool is_loss(std::string_view reason, bool file_gave_documents) {
  if (is_told_to_leave_out(reason) || is_one_of(reason, kOnPurpose)) return false;
  return !(file_gave_documents && is_one_of(reason, kNothingThere));
}

void Unread::add(const UnreadPlace& place) {
  reasons_[place.reason] += place.count;
  Place& sum = places_.try_emplace({place.path, place.reason}).first->second;
  sum.count += place.count;
  if (sum.example.empty()) sum.example = place.example;
  if (places_.size() >= 2 * kMostPlaces) forget_smallest();
}

void Unread::add(const Unread& other) {
  for (const auto& [reason, count] : other.reasons_) {
    reasons_[reason] += count;
  }
  for (const auto& [key, place] : other.places_) {
    Place& sum = places_.try_emplace(key).first->second;
    sum.count += place.count;
    if (sum.example.empty()) sum.example = place.example;
  }
  more_places_ += other.more_places_;
  if (places_.size() >= 2 * kMostPlaces) forget_smallest();
}

std::uint64_t Unread::records() const {
  std::uint64_t records = 0;
  for (const auto& [reason, count] : reasons_) {
    records += count;
  }
  return records;
}

std::vector<UnreadPlace> Unread::worst() const {
  std::vector<UnreadPlace> places;
  for (const auto& [key, place] : places_) {
    places.push_back({key.first, key.second, place.count, place.example});
  }
  std::ranges::stable_sort(places, std::ranges::greater(), &UnreadPlace::count);
  return places;
}

/// Forgets all but the worst places, which bounds the memory for sources of millions of unreadable
/// files. rejects/ has them all.
void Unread::forget_smallest() {
  std::vector<UnreadPlace> places = worst();
  for (std::size_t i = kMostPlaces; i < places.size(); ++i) {
    places_.erase({places[i].path, places[i].reason});
    ++more_places_;
  }
}

Json Unread::to_json() const {
  Json json = Json::object();
  json["reasons"] = Json::object();
  for (const auto& [reason, count] : reasons_) {
    json["reasons"][reason] = count;
  }
  json["files"] = Json::array();
  std::vector<UnreadPlace> places = worst();
  const std::size_t shown = std::min(places.size(), kMostPlaces);
  for (const UnreadPlace& place : std::span(places).first(shown)) {
    Json row = Json::object();
    row["path"] = place.path;
    row["reason"] = place.reason;
    row["count"] = place.count;
    if (!place.example.empty()) row["example"] = place.example;
    json["files"].push_back(std::move(row));
  }
  json["more_files"] = more_places_ + (places.size() - shown);
  return json;
}

Unread Unread::from_json(const Json& json) {
  Unread unread;
  const Json* files = json.find("files");
  if (files != nullptr && files->is_array()) {
    for (const Json& row : files->as_array()) {
      Place& place = unread.places_[{row.string_or("path", ""), row.string_or("reason", "")}];
      place.count += count_of(row, "count");
      place.example = row.string_or("example", "");
    }
  }
  add_reasons(unread.reasons_, json.find("reasons"));
  unread.more_places_ = count_of(json, "more_files");
  return unread;
}

std::vector<UnreadPlace> unread_of(const FilePart& part, const DocumentReader& reader) {
  std::vector<UnreadPlace> places;
  for (const auto& [reason, count] : reader.problems()) {
    const auto example = reader.examples().find(reason);
    places.push_back(
        {part.path, reason, count, example == reader.examples().end() ? "" : example->second});
  }
  return places;
}

std::string reasons_text(const std::map<std::string, std::uint64_t>& reasons) {
  std::string text;
  for (const auto& [reason, count] : reasons) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, count);
  }
  return text;
}

std::string worst_files_text(const Unread& unread) {
  const std::vector<UnreadPlace> places = unread.worst();
  std::string text;
  for (const UnreadPlace& place : std::span(places).first(std::min(places.size(), kShownFiles))) {
    text += fmt::format("{}{} ({} {}{}{})", text.empty() ? "" : ", ", place.path, place.reason,
                        place.count, place.example.empty() ? "" : ": ", place.example);
  }
  return text;
}

Document unread_row(const SourceConfig& source, const FilePart& part, const UnreadPlace& place) {
  Document row;
  row.id = hash128(fmt::format("{}\n{}\n{}\nunread {}", source.name, part.name, part.begin,
                               place.reason))
               .hex();
  row.url = place.path;
  row.source = source.name;
  row.kind = source.kind;
  row.profile = source.profile;
  row.rejected_by = kReadLayer;
  row.reason = place.reason;
  Json& read = row.annotations[kReadLayer];
  read["path"] = place.path;
  read["count"] = place.count;
  if (!place.example.empty()) read["example"] = place.example;
  return row;
}

Unread unread_of_source(const Json& source) {
  const Json* unread = source.find("not_read");
  return unread == nullptr ? Unread() : Unread::from_json(*unread);
}

Unread incomplete_of_source(const Json& source) {
  const Json* incomplete = source.find("incomplete");
  return incomplete == nullptr ? Unread() : Unread::from_json(*incomplete);
}

Unread unread_of_ledger(const Json& ledger) {
  Unread all;
  for (const auto& [name, source] : sources_of(ledger)) {
    all.add(unread_of_source(source));
  }
  return all;
}

std::string unread_lines(const Json& ledger) {
  const Unread unread = unread_of_ledger(ledger);
  Unread incomplete;
  std::map<std::string, std::uint64_t> left_out;
  for (const auto& [name, source] : sources_of(ledger)) {
    incomplete.add(incomplete_of_source(source));
    const Json* row = read_row(source);
    if (row != nullptr) add_reasons(left_out, row->find("dropped"));
  }
  for (const auto& [reason, count] : unread.reasons()) {
    left_out[reason] -= std::min(count, left_out[reason]);
  }
  std::erase_if(left_out, [](const auto& item) { return item.second == 0; });
  std::string text;
  if (!unread.empty()) {
    text += fmt::format("not read: {}: see rejects/ (rejected_by read)\n  most in: {}\n",
                        reasons_text(unread.reasons()), worst_files_text(unread));
  }
  if (!incomplete.empty()) {
    text += fmt::format("read without all parts: {}: see annotations.read\n  most in: {}\n",
                        reasons_text(incomplete.reasons()), worst_files_text(incomplete));
  }
  if (!left_out.empty()) {
    text += fmt::format("left out: {}\n", reasons_text(left_out));
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace aludel::curate
