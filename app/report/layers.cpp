#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/base/json_items.h"
#include "aludel/curate/layout/run_paths.h"

namespace aludel::app {
namespace {

/// Groups whose documents the layer keeps clearly more or less often, then all groups.
std::string keep_rates_html(const Json& rates) {
  if (!rates.is_array() || rates.as_array().empty()) return "";
  std::string warnings;
  std::vector<std::vector<std::string>> rows;
  for (const Json& rate : rates.as_array()) {
    const std::string group = rate.string_or("group", "");
    const bool has_ratio = rate.find("ratio") != nullptr;
    const std::string ratio =
        has_ratio ? fmt::format("{:.2f}", rate.number_or("ratio", 0)) : std::string("–");
    rows.push_back({group, std::to_string(rate.integer_or("documents", 0)),
                    std::to_string(rate.integer_or("kept", 0)), ratio});
    if (rate.bool_or("warning", false)) {
      warnings += fmt::format("{}{} {}", warnings.empty() ? "" : ", ", group, ratio);
    }
  }
  std::string html;
  if (!warnings.empty()) {
    html +=
        "<p><span class=tag>bias</span> keep rate to that of all other documents outside 0.8 "
        "to 1.25: " +
        report::escape_html(warnings) + "</p>";
  }
  return html +
         "<details><summary>keep rates by language, script, dialect and identity terms</summary>" +
         report::table({"group", "documents", "kept", "ratio"}, rows) + "</details>";
}

/// What the layer found, by kind: personal data, classes.
std::string noted_html(const Json& noted) {
  if (!noted.is_array() || noted.as_array().empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : noted.as_array()) {
    const std::int64_t total = row.integer_or("total", 0);
    rows.push_back({row.string_or("what", ""), std::to_string(row.integer_or("documents", 0)),
                    total > 0 ? std::to_string(total) : ""});
  }
  return report::table({"found", "documents", "times"}, rows);
}

/// What each class that the layer tells is judged by, and how well that is known.
std::string classes_html(const Json& classes) {
  const auto number = [](const Json& note, std::string_view way, std::string_view key) {
    const Json* of_way = note.find(way);
    const Json* value = of_way == nullptr ? nullptr : of_way->find(key);
    return value == nullptr || !value->is_number() ? std::string("–")
                                                   : fmt::format("{:.2f}", value->as_number());
  };
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, note] : members_of(&classes)) {
    rows.push_back({name, note.string_or("basis", ""), number(note, "model", "precision"),
                    number(note, "model", "recall"), number(note, "lexicon", "precision"),
                    number(note, "lexicon", "recall")});
  }
  if (rows.empty()) return "";
  return "<details open><summary>what each class is judged by</summary>" +
         report::table(
             {"class", "basis", "model: precision", "recall", "lexicon: precision", "recall"},
             rows) +
         "</details>";
}

std::string layer_html(const Json& layer, std::size_t number) {
  std::string html =
      fmt::format("<h3>{}. {}</h3>", number, report::escape_html(layer.string_or("name", "")));
  html += layer_values(layer);
  if (const Json* noted = layer.find("noted")) html += noted_html(*noted);
  if (const Json* rates = layer.find("keep_rates")) html += keep_rates_html(*rates);
  html += layer_copies(layer) + layer_samples(layer);
  const Json* classes = layer.find("classes");
  return classes == nullptr ? html : html + classes_html(*classes);
}

}  // namespace

void add_layers(const RunFiles& files, report::HtmlPage& page) {
  const auto data = files.json(files.of_curation(curate::kLayersReport));
  const Json* layers = data ? data->find("layers") : nullptr;
  if (layers == nullptr || !layers->is_array()) return;
  std::string html;
  for (std::size_t i = 0; i < layers->as_array().size(); ++i) {
    html += layer_html(layers->as_array()[i], i + 1);
  }
  page.add_section("Layers", html);
}

}  // namespace aludel::app
