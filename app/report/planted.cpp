#include "app/report/sections.h"
#include <fmt/format.h>

namespace aludel::app {
namespace {

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string joined(const Json* list) {
  std::string out;
  if (list == nullptr || !list->is_array()) return out;
  for (const Json& item : list->as_array()) {
    out += (out.empty() ? "" : ", ") + (item.is_string() ? item.as_string() : item.dump());
  }
  return out;
}

/// An object of counts as words: "metrics 2, quality 1".
std::string counts(const Json* object) {
  std::string words;
  if (object == nullptr || !object->is_object()) return words;
  for (const auto& [name, count] : object->as_object()) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", name, count.dump());
  }
  return words;
}

/// Rows of an object of objects, or of a list of objects that carry their own name.
template <class Row>
void each_named(const Json* group, const std::string& key, const Row& row) {
  if (group == nullptr) return;
  if (group->is_object()) {
    for (const auto& [name, value] : group->as_object()) {
      row(name, value);
    }
  } else if (group->is_array()) {
    for (const Json& value : group->as_array()) {
      row(value.string_or(key, "?"), value);
    }
  }
}

/// What was replaced in clean pages: only a person can say which of it is no personal data.
std::string replaced_table(const Json& clean) {
  const Json* replaced = clean.find("replaced");
  if (replaced == nullptr || !replaced->is_array() || replaced->as_array().empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const Json& value : replaced->as_array()) {
    rows.push_back({value.string_or("kind", ""), value.string_or("value", ""),
                    value.string_or("before", "") + "…" + value.string_or("after", "")});
  }
  return "<h3>Replaced in clean pages, right or wrong</h3>" +
         report::table({"kind", "value", "where"}, rows);
}

}  // namespace

void add_planted(const RunFiles& files, report::HtmlPage& page) {
  const auto score = files.json("planted/score.json");
  if (!score) return;
  std::vector<std::vector<std::string>> kinds;
  each_named(score->find("kinds"), "kind", [&kinds](const std::string& name, const Json& kind) {
    kinds.push_back({name, joined(kind.find("layers")),
                     std::to_string(kind.integer_or("planted", 0)),
                     std::to_string(kind.integer_or("caught", 0)),
                     percent(kind.number_or("share", 0)), counts(kind.find("elsewhere"))});
  });
  std::vector<std::vector<std::string>> personal;
  each_named(score->find("personal_data"), "kind",
             [&personal](const std::string& name, const Json& kind) {
               personal.push_back({name, std::to_string(kind.integer_or("planted", 0)),
                                   percent(kind.number_or("recall", 0)),
                                   percent(kind.number_or("precision", 0))});
             });
  const Json none = Json::object();
  const Json& clean = score->find("clean") != nullptr ? *score->find("clean") : none;
  page.add_section(
      "Planted defects",
      fmt::format(
          "<p>Documents with known defects, made from a seed and mixed into the crawl: {} of {} "
          "({}) were caught by a layer meant for them. Of {} clean control pages {} were lost. "
          "The controls hold {:.2f} replacements of personal data per MB.</p>",
          score->integer_or("caught", 0), score->integer_or("planted", 0),
          percent(score->number_or("share_caught", 0)), clean.integer_or("planted", 0),
          percent(clean.number_or("share_lost", 0)),
          clean.number_or("replacements_per_megabyte", 0)) +
          report::table(
              {"kind", "layers meant for it", "planted", "caught", "share", "caught elsewhere"},
              kinds) +
          "<h3>Personal data</h3>" +
          report::table({"kind", "planted", "recall", "precision"}, personal) +
          replaced_table(clean));
}

}  // namespace aludel::app
