#include <fmt/format.h>

#include "aludel/planted/score.h"

namespace aludel::planted {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

std::int64_t total(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& [name, count] : counts) {
    sum += count;
  }
  return sum;
}

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
  Json json = Json::object();
  for (const auto& [name, count] : counts) {
    json[name] = count;
  }
  return json;
}

std::string counts_text(const std::map<std::string, std::int64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  }
  return text;
}

Json replaced_json(const std::vector<ReplacedValue>& values) {
  Json list = Json(Json::Array{});
  for (const ReplacedValue& value : values) {
    Json row = Json::object();
    row["id"] = value.id;
    row["kind"] = value.kind;
    row["value"] = value.value;
    row["before"] = value.before;
    row["after"] = value.after;
    list.push_back(std::move(row));
  }
  return list;
}

Json strings(const std::vector<std::string>& items) {
  return Json(Json::Array(items.begin(), items.end()));
}

double replacements_per_megabyte(const CleanScore& clean) {
  return clean.text_bytes == 0 ? 0
                               : static_cast<double>(total(clean.replacements)) * 1e6 /
                                     static_cast<double>(clean.text_bytes);
}

/// Sums over the kinds.
PlantedKindScore sum_of(const std::vector<PlantedKindScore>& kinds) {
  PlantedKindScore sum;
  for (const PlantedKindScore& kind : kinds) {
    sum.planted += kind.planted;
    sum.caught += kind.caught;
  }
  return sum;
}

}  // namespace

Json to_json(const PlantedScore& score) {
  Json json = Json::object();
  Json kinds = Json::object();
  for (const PlantedKindScore& kind : score.kinds) {
    Json row = Json::object();
    row["layers"] = strings(kind.layers);
    row["planted"] = kind.planted;
    row["caught"] = kind.caught;
    row["share"] = share(kind.caught, kind.planted);
    row["elsewhere"] = counts_json(kind.elsewhere);
    row["missed"] = strings(kind.missed);
    kinds[kind.kind] = std::move(row);
  }
  const PlantedKindScore sum = sum_of(score.kinds);
  json["planted"] = sum.planted;
  json["caught"] = sum.caught;
  json["share_caught"] = share(sum.caught, sum.planted);
  json["kinds"] = std::move(kinds);
  Json clean = Json::object();
  clean["planted"] = score.clean.planted;
  clean["lost"] = counts_json(score.clean.lost);
  clean["share_lost"] =
      1 - share(score.clean.planted - total(score.clean.lost), score.clean.planted);
  clean["true_duplicates"] = counts_json(score.clean.true_duplicates);
  clean["other_language"] = score.clean.other_language;
  clean["replacements"] = counts_json(score.clean.replacements);
  clean["replacements_per_megabyte"] = replacements_per_megabyte(score.clean);
  clean["text_bytes"] = score.clean.text_bytes;
  clean["replaced"] = replaced_json(score.clean.replaced);
  clean["lost_ids"] = strings(score.clean.lost_ids);
  json["clean"] = std::move(clean);
  Json personal = Json::object();
  PersonalDataScore all;
  for (const auto& [kind, tally] : score.personal_data) {
    Json row = Json::object();
    row["planted"] = tally.planted;
    row["recall"] = tally.recall();
    row["precision"] = tally.precision();
    personal[kind] = std::move(row);
    all.planted += tally.planted;
    all.found += tally.found;
    all.wrong += tally.wrong;
  }
  json["personal_data"] = std::move(personal);
  json["personal_data_recall"] = all.recall();
  json["personal_data_precision"] = all.precision();
  return json;
}

std::string to_text(const PlantedScore& score) {
  std::string text = fmt::format("{:<20} {:>7} {:>7} {:>6}  {}\n", "kind", "planted", "caught", "%",
                                 "layers meant for it; dropped by others");
  for (const PlantedKindScore& kind : score.kinds) {
    text +=
        fmt::format("{:<20} {:>7} {:>7} {:>6.1f}  {}{}{}\n", kind.kind, kind.planted, kind.caught,
                    100 * share(kind.caught, kind.planted), fmt::join(kind.layers, ", "),
                    kind.elsewhere.empty() ? "" : "; ", counts_text(kind.elsewhere));
  }
  const PlantedKindScore sum = sum_of(score.kinds);
  text += fmt::format("{:<20} {:>7} {:>7} {:>6.1f}\n", "all", sum.planted, sum.caught,
                      100 * share(sum.caught, sum.planted));
  const CleanScore& clean = score.clean;
  text += fmt::format(
      "clean pages: {} of {} lost ({:.1f} %){}{}; true duplicates {}, other languages {}\n",
      total(clean.lost), clean.planted,
      100 - 100 * share(clean.planted - total(clean.lost), clean.planted),
      clean.lost.empty() ? "" : ": ", counts_text(clean.lost), total(clean.true_duplicates),
      clean.other_language);
  text += fmt::format("replacements in clean pages, right or wrong: {:.2f} per MB ({})\n",
                      replacements_per_megabyte(clean), counts_text(clean.replacements));
  for (const ReplacedValue& value : clean.replaced) {
    text += fmt::format("  {} {} in {}\n", value.kind, value.value, value.id);
  }
  for (const auto& [kind, tally] : score.personal_data) {
    text += fmt::format("{:<20} recall {:.3f} precision {:.3f} ({} planted)\n", kind,
                        tally.recall(), tally.precision(), tally.planted);
  }
  return text;
}

}  // namespace aludel::planted
