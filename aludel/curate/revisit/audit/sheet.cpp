#include "aludel/curate/revisit/audit/sheet.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/io/formats/jsonl.h"

namespace aludel::curate::audit {
namespace {

std::string answers_path(const std::string& folder) {
  return io::join_path(folder, "answers.jsonl");
}

std::string sample_path(const std::string& folder) {
  return io::join_path(folder, "sample.json");
}

Json counts_to_json(const std::map<std::string, std::uint64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) {
    json[name] = count;
  }
  return json;
}

std::map<std::string, std::uint64_t> counts_from_member(const Json& json, std::string_view key) {
  std::map<std::string, std::uint64_t> counts;
  const Json* member = json.find(key);
  if (member == nullptr || !member->is_object()) return counts;
  for (const auto& [name, count] : member->as_object()) {
    if (count.is_integer()) counts[name] = static_cast<std::uint64_t>(count.as_integer());
  }
  return counts;
}

Json to_json(const Answer& answer) {
  Json json = Json::object();
  json["key"] = answer.key;
  json["id"] = answer.id;
  json["language"] = answer.language;
  json["layer"] = answer.layer;
  json["reason"] = answer.reason;
  json["rules"] = Json::array();
  for (const RuleNote& rule : answer.rules) {
    Json row = Json::object();
    row["layer"] = rule.layer;
    row["setting"] = rule.setting;
    row["reason"] = rule.reason;
    row["side"] = rule.side == Side::at_least ? "at_least" : "at_most";
    row["measured"] = rule.measured;
    row["limit"] = rule.limit;
    json["rules"].push_back(std::move(row));
  }
  return json;
}

Result<Answer> answer_from_json(const Json& json) {
  Answer answer{json.string_or("key", ""),      json.string_or("id", ""),
                json.string_or("language", ""), json.string_or("layer", ""),
                json.string_or("reason", ""),   {}};
  const Json* rules = json.find("rules");
  if (answer.key.empty() || rules == nullptr || !rules->is_array()) {
    return Error{Code::corrupt_data,
                 "[audit] no answer of `aludel audit sample`: it needs \"key\" and \"rules\""};
  }
  for (const Json& row : rules->as_array()) {
    answer.rules.push_back({row.string_or("layer", ""), row.string_or("setting", ""),
                            row.string_or("reason", ""),
                            row.string_or("side", "") == "at_most" ? Side::at_most : Side::at_least,
                            row.number_or("measured", 0), row.number_or("limit", 0)});
  }
  return answer;
}

}  // namespace

Status write_sheet(io::FileSystem& files, const std::string& folder, const Sheet& sheet) {
  auto writer = ALUDEL_TRY(io::JsonlWriter::create(files, answers_path(folder)));
  for (const Answer& answer : sheet.answers) {
    ALUDEL_TRY(writer.write(to_json(answer)));
  }
  ALUDEL_TRY(writer.commit());
  Json json = Json::object();
  json["seed"] = sheet.seed;
  json["languages"] = Json::array();
  for (const std::string& language : sheet.languages) {
    json["languages"].push_back(language);
  }
  json["strata"] = Json::array();
  for (const Stratum& stratum : sheet.strata) {
    Json row = Json::object();
    row["layer"] = stratum.layer;
    row["documents"] = stratum.documents;
    row["reasons"] = counts_to_json(stratum.reasons);
    json["strata"].push_back(std::move(row));
  }
  json["left_out"] = counts_to_json(sheet.left_out);
  return io::write_file(files, sample_path(folder), json.dump_pretty() + "\n");
}

Result<Sheet> read_sheet(io::FileSystem& files, const std::string& folder) {
  auto text = io::read_file(files, sample_path(folder));
  if (!text && text.error().code == Code::not_found) {
    return Error{Code::not_found,
                 fmt::format("[audit] {} has no sample.json: give the folder that `aludel audit "
                             "sample` wrote",
                             folder)};
  }
  auto json = parse_json(ALUDEL_TRY(std::move(text)));
  if (!json) return std::move(json).error().with_context(sample_path(folder));
  Sheet sheet;
  sheet.seed = json.value().integer_or("seed", 1);
  sheet.left_out = counts_from_member(json.value(), "left_out");
  const Json* strata = json.value().find("strata");
  if (strata == nullptr || !strata->is_array()) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: [audit] it has no \"strata\": draw the sample again",
                             sample_path(folder))};
  }
  for (const Json& row : strata->as_array()) {
    sheet.strata.push_back({row.string_or("layer", ""),
                            static_cast<std::uint64_t>(row.integer_or("documents", 0)),
                            counts_from_member(row, "reasons")});
  }
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, answers_path(folder)));
  for (Json row; ALUDEL_TRY(reader.next(row));) {
    auto answer = answer_from_json(row);
    if (!answer) {
      return std::move(answer).error().with_context(
          fmt::format("{}, line {}", answers_path(folder), reader.line_number()));
    }
    sheet.answers.push_back(std::move(answer).value());
  }
  return sheet;
}

}  // namespace aludel::curate::audit
