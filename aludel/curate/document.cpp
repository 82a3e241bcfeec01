#include "aludel/curate/document.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/base/utf8.h"

namespace aludel::curate {
namespace {

constexpr std::string_view kDefaultProfile = "web";

Status read_string(const Json& json, std::string_view key, std::string& out) {
  const Json* value = json.find(key);
  if (value == nullptr || value->is_null()) return Ok{};
  if (!value->is_string()) {
    return Error{Code::corrupt_data, fmt::format("[document] {} must be a string", key)};
  }
  const std::string& text = value->as_string();
  out = is_valid_utf8(text) ? text : replace_invalid_utf8(text);
  return Ok{};
}

}  // namespace

Json to_json(const Document& document) {
  Json json = Json::object();
  json["id"] = document.id;
  json["url"] = document.url;
  json["source"] = document.source;
  json["kind"] = document.kind;
  json["licence"] = document.licence;
  if (document.profile != kDefaultProfile) json["profile"] = document.profile;
  json["language"] = document.language;
  json["text"] = document.text;
  if (!document.date.empty()) json["date"] = document.date;
  if (!document.dump.empty()) json["dump"] = document.dump;
  json["annotations"] = document.annotations;
  if (!document.rejected_by.empty()) {
    json["rejected_by"] = document.rejected_by;
    json["reason"] = document.reason;
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

Result<Document> document_from_json(const Json& json) {
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
    ALUDEL_TRY(read_string(json, key, *target));
  }
  if (document.profile.empty()) document.profile = kDefaultProfile;
  document.score = json.number_or("score", 0);
  if (const Json* annotations = json.find("annotations");
      annotations != nullptr && !annotations->is_null()) {
    if (!annotations->is_object()) {
      return Error{Code::corrupt_data, "[document] annotations must be an object"};
    }
    document.annotations = *annotations;
  }
  return document;
}

}  // namespace aludel::curate
