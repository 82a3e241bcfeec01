#include "aludel/curate/document.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kDefaultProfile = "web";

/// Moves a member's string out of the object.
Status take_string(Json& json, std::string_view key, std::string& out) {
  Json* value = json.find(key);
  if (value == nullptr || value->is_null()) return Ok{};
  if (!value->is_string()) {
    return Error{Code::corrupt_data, fmt::format("[document] {} must be a string", key)};
  }
  std::string& text = value->as_string();
  out = is_valid_utf8(text) ? std::move(text) : replace_invalid_utf8(text);
  return Ok{};
}

}  // namespace

Json to_json(Document document) {
  Json json = Json::object();
  json["id"] = std::move(document.id);
  json["url"] = std::move(document.url);
  json["source"] = std::move(document.source);
  json["kind"] = std::move(document.kind);
  json["licence"] = std::move(document.licence);
  if (document.profile != kDefaultProfile) json["profile"] = std::move(document.profile);
  json["language"] = std::move(document.language);
  json["text"] = std::move(document.text);
  if (!document.date.empty()) json["date"] = std::move(document.date);
  if (!document.dump.empty()) json["dump"] = std::move(document.dump);
  json["annotations"] = std::move(document.annotations);
  if (!document.rejected_by.empty()) {
    json["rejected_by"] = std::move(document.rejected_by);
    json["reason"] = std::move(document.reason);
    json["score"] = document.score;
  }
  return json;
}

std::span<const io::Column> document_columns() {
  using enum io::ColumnType;
  static constexpr io::Column kColumns[] = {
      {"id"},       {"url"},          {"source"}, {"kind"}, {"licence"},           {"profile"},
      {"language"}, {"text"},         {"date"},   {"dump"}, {"annotations", json}, {"rejected_by"},
      {"reason"},   {"score", number}};
  return kColumns;
}

Result<Document> document_from_json(Json json) {
  if (!json.is_object()) return Error{Code::corrupt_data, "[document] expected a JSON object"};
  Document document;
  const std::pair<std::string_view, std::string*> strings[] = {
      {"id", &document.id},
      {"url", &document.url},
      {"source", &document.source},
      {"kind", &document.kind},
      {"licence", &document.licence},
      {"profile", &document.profile},
      {"language", &document.language},
      {"text", &document.text},
      {"date", &document.date},
      {"dump", &document.dump},
      {"rejected_by", &document.rejected_by},
      {"reason", &document.reason},
  };
  for (const auto& [key, target] : strings) {
    ALUDEL_TRY(take_string(json, key, *target));
  }
  if (document.profile.empty()) document.profile = kDefaultProfile;
  document.score = json.number_or("score", 0);
  if (Json* annotations = json.find("annotations");
      annotations != nullptr && !annotations->is_null()) {
    if (!annotations->is_object()) {
      return Error{Code::corrupt_data, "[document] annotations must be an object"};
    }
    document.annotations = std::move(*annotations);
  }
  return document;
}

}  // namespace aludel::curate
