#include <algorithm>

#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/chart.h"

namespace aludel::app {
namespace {

std::vector<double> numbers_of(const Json* list) {
  std::vector<double> numbers;
  if (list == nullptr || !list->is_array()) return numbers;
  for (const Json& item : list->as_array()) {
    numbers.push_back(item.is_number() ? item.as_number() : 0);
  }
  return numbers;
}

/// "at least 50, at most 0.1 to 0.3"
std::string limits_text(const Json& limits) {
  std::string text;
  for (const Json& limit : limits.as_array()) {
    const double least = limit.number_or("least", 0);
    const double most = limit.number_or("most", 0);
    text += fmt::format("{}{} {:.4g}", text.empty() ? "" : ", ",
                        limit.string_or("side", "") == "at_least" ? "at least" : "at most", least);
    if (least != most) text += fmt::format(" to {:.4g}", most);
  }
  return text;
}

std::string value_html(const Json& value) {
  report::Histogram chart{{numbers_of(value.find("kept")), numbers_of(value.find("dropped"))},
                          value.number_or("low", 0),
                          value.number_or("high", 1),
                          {}};
  if (chart.series[0].size() != chart.series[1].size()) return "";
  const Json* limits = value.find("limits");
  std::string text;
  if (limits != nullptr && limits->is_array()) {
    for (const Json& limit : limits->as_array()) {
      chart.cuts.push_back(limit.number_or("least", 0));
      chart.cuts.push_back(limit.number_or("most", 0));
    }
    text = limits_text(*limits);
  }
  return fmt::format("<div><b>{}</b> <span class=soft>{}</span><br>{}</div>",
                     report::escape_html(value.string_or("value", "")), report::escape_html(text),
                     report::histogram(chart));
}

}  // namespace

std::string layer_values(const Json& layer) {
  const Json* values = layer.find("values");
  if (values == nullptr || !values->is_array() || values->as_array().empty()) return "";
  std::int64_t documents = 0;
  std::string charts;
  for (const Json& value : values->as_array()) {
    const std::int64_t measured = value.integer_or("documents", 0);
    documents = std::max(documents, measured);
    if (measured > 0) charts += value_html(value);
  }
  if (documents == 0) return "";
  return fmt::format(
             "<p class=soft>How the values of {} sampled documents lie: <span "
             "style=\"color:var(--one)\">kept</span>, <span "
             "style=\"color:var(--two)\">dropped</span> "
             "by any rule of the layer, <span style=\"color:var(--bad)\">limit</span>.</p>",
             documents) +
         "<div class=pair>" + charts + "</div>";
}

}  // namespace aludel::app
