#include "aludel/curate/document/document.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/json_record.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/document/annotations.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kDefaultProfile = "web";

constexpr std::size_t kNamesShown = 12;

/// Returns a text, number or boolean as UTF-8 text.
std::string text_of(const Json& value) {
  std::string text = scalar_text(&value);
  return is_valid_utf8(text) ? text : replace_invalid_utf8(text);
}

bool is_scalar(const Json& value) {
  return value.is_string() || value.is_number() || value.is_bool();
}

/// Takes the member with that name or path out of a record; returns nothing if there is none.
std::optional<Json> take_member(Json& record, std::string_view path) {
  if (!record.is_object()) return std::nullopt;
  Json::Object& members = record.as_object();
  const auto found = std::ranges::find(members, path, &Json::Member::first);
  if (found != members.end()) {
    Json value = std::move(found->second);
    members.erase(found);
    return value;
  }
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  Json* inner = record.find(path.substr(0, dot));
  return inner == nullptr ? std::nullopt : take_member(*inner, path.substr(dot + 1));
}

/// Returns the names of the first few members of a record.
std::string names_of(const Json& record) {
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, value] : record.as_object()) {
    if (count++ == kNamesShown) return names + ", …";
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  }
  return names.empty() ? "none" : names;
}

Status take_text(Json& record, const std::string& key, std::string& out) {
  auto text = take_member(record, key);
  if (!text) {
    return Error{Code::not_found, fmt::format("[document] no '{}'; its members: {}", key,
                                              replace_invalid_utf8(names_of(record)))};
  }
  if (text->is_null()) return Ok{};
  if (!text->is_string()) {
    return Error{Code::corrupt_data, fmt::format("[document] '{}' is no text", key)};
  }
  std::string& given = text->as_string();
  out = is_valid_utf8(given) ? std::move(given) : replace_invalid_utf8(given);
  return Ok{};
}

/// Returns the text of a document that a member sets; nullptr if it sets none.
std::string* place_of(Document& document, std::string_view name) {
  const std::pair<std::string_view, std::string*> places[] = {
      {"url", &document.url},         {"source", &document.source},
      {"kind", &document.kind},       {"licence", &document.licence},
      {"profile", &document.profile}, {"language", &document.language},
      {"date", &document.date},       {"dump", &document.dump},
      {"cluster", &document.cluster}, {"rejected_by", &document.rejected_by},
      {"reason", &document.reason},
  };
  for (const auto& [known, place] : places) {
    if (known == name) return place;
  }
  return nullptr;
}

/// Stores a member in the document. Returns false if the member is not part of a document.
bool take_known(Document& document, std::string_view name, Json& value) {
  // Another tool's number is a cluster of something else.
  if (name == "cluster" && !value.is_string()) return value.is_null();
  if (std::string* place = place_of(document, name)) {
    if (is_scalar(value)) *place = text_of(value);
    return is_scalar(value) || value.is_null();
  }
  if (name == "score") {
    if (value.is_number()) document.score = value.as_number();
    return value.is_number() || value.is_null();
  }
  if (name != "annotations" && name != "metadata") return false;
  io::parse_json_column(&value);
  const bool is_empty = value.is_null() || (value.is_string() && value.as_string().empty());
  const bool is_ours = name == "metadata" ? value.is_object() : are_of_layers(value);
  if (is_empty || !is_ours) return is_empty;
  (name == "metadata" ? document.metadata : document.annotations) = std::move(value);
  return true;
}

bool is_of_verdict(std::string_view name) {
  return name == "rejected_by" || name == "reason" || name == "score";
}

/// Takes from metadata what the record does not say. Does nothing for a document that layers have
/// seen: it has these values already, and its metadata now holds what the page states.
void read_metadata(Document& document) {
  if (!document.annotations.as_object().empty()) return;
  for (const char* name : {"url", "date", "dump", "language"}) {
    std::string& place = *place_of(document, name);
    const Json* value = document.metadata.find(name);
    if (!place.empty() || value == nullptr || !is_scalar(*value)) continue;
    place = text_of(*value);
  }
}

}  // namespace

bool are_of_layers(const Json& annotations) {
  return annotations.is_object() &&
         std::ranges::all_of(annotations.as_object(), [](const Json::Member& member) {
           const bool is_list = member.first == kDialectGroups || member.first == kIdentityGroups;
           const Json& notes = member.second;  // null if a layer found nothing to note
           return notes.is_null() || (is_list ? notes.is_array() : notes.is_object());
         });
}

void add_metadata(Document& document, Json::Object members) {
  Json::Object& metadata = document.metadata.as_object();
  if (metadata.empty()) {
    metadata = std::move(members);
    return;
  }
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < metadata.size(); ++i) {
    places.emplace(metadata[i].first, i);
  }
  for (auto& [name, value] : members) {
    std::string free_name = name;
    auto found = places.find(free_name);
    for (int n = 2; found != places.end() && metadata[found->second].second != value; ++n) {
      free_name = n == 2 ? name + "_" : fmt::format("{}_{}", name, n);
      found = places.find(free_name);
    }
    if (found != places.end()) continue;
    places.emplace(free_name, metadata.size());
    metadata.emplace_back(std::move(free_name), std::move(value));
  }
}

void add_metadata(Document& document, std::string_view name, Json value) {
  Json::Object members;
  members.emplace_back(std::string(name), std::move(value));
  add_metadata(document, std::move(members));
}

Json to_json(Document document) {
  Json json = Json::object();
  json["id"] = std::move(document.id);
  json["url"] = std::move(document.url);
  json["source"] = std::move(document.source);
  json["kind"] = std::move(document.kind);
  json["licence"] = std::move(document.licence);
  json["profile"] = std::move(document.profile);
  json["language"] = std::move(document.language);
  json["text"] = std::move(document.text);
  // A reader that infers a schema takes a date for a time, and an empty text is not a time.
  json["date"] = document.date.empty() ? Json() : Json(std::move(document.date));
  json["dump"] = std::move(document.dump);
  json["cluster"] = std::move(document.cluster);
  json["annotations"] = std::move(document.annotations);
  json["metadata"] = std::move(document.metadata);
  if (!document.rejected_by.empty()) {
    json["rejected_by"] = std::move(document.rejected_by);
    json["reason"] = std::move(document.reason);
    json["score"] = document.score;
  }
  return json;
}

std::span<const io::Column> document_columns() {
  using enum io::ColumnType;
  static constexpr io::Column kColumns[] = {{"id"},
                                            {"url"},
                                            {"source"},
                                            {"kind"},
                                            {"licence"},
                                            {"profile"},
                                            {"language"},
                                            {"text"},
                                            {"date"},
                                            {"dump"},
                                            {"cluster"},
                                            {"annotations", json},
                                            {"metadata", json},
                                            {"rejected_by", text, true},
                                            {"reason", text, true},
                                            {"score", number, true}};
  return kColumns;
}

Result<Document> document_from_json(Json json, const DocumentKeys& keys) {
  if (!json.is_object()) return Error{Code::corrupt_data, "[document] expected a JSON object"};
  Document document;
  ALUDEL_TRY(take_text(json, keys.text, document.text));
  Json::Object others;
  auto id = take_member(json, keys.id);
  if (id && is_scalar(*id)) {
    document.id = text_of(*id);
  } else if (id && !id->is_null()) {
    others.emplace_back(keys.id, std::move(*id));
  }
  for (auto& [name, value] : json.as_object()) {
    const bool may_be_known = keys.has_verdict || !is_of_verdict(name);
    if (may_be_known && take_known(document, name, value)) continue;
    others.emplace_back(std::move(name), std::move(value));
  }
  add_metadata(document, std::move(others));
  read_metadata(document);
  if (document.profile.empty()) document.profile = kDefaultProfile;
  return document;
}

}  // namespace aludel::curate
