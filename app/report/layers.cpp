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

std::string score_charts(const Json& scores) {
  const double low = scores.number_or("low", 0);
  const double high = scores.number_or("high", 0);
  std::string html = "<div class=pair>";
  for (const char* which : {"kept", "dropped"}) {
    const auto counts = numbers_of(scores.find(which));
    double all = 0;
    for (const double count : counts) {
      all += count;
    }
    if (all == 0) continue;
    html += fmt::format("<div><span class=soft>scores of {} {} documents</span><br>{}</div>", all,
                        which, report::histogram(counts, low, high, low - 1));
  }
  return html + "</div>";
}

std::string sample_html(const Json& sample) {
  std::string html =
      fmt::format("<p><span class=tag>{}</span> <span class=soft>{} · {} · score {:.3g}</span></p>",
                  report::escape_html(sample.string_or("what", "")),
                  report::escape_html(sample.string_or("source", "")),
                  report::escape_html(sample.string_or("url", "")), sample.number_or("score", 0));
  html += "<div class=pair><pre>" + report::escape_html(sample.string_or("before", "")) + "</pre>";
  if (sample.find("after") != nullptr) {
    html += "<pre>" + report::escape_html(sample.string_or("after", "")) + "</pre>";
  }
  return html + "</div>";
}

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
  return html + "<details><summary>keep rates by language, script and identity terms</summary>" +
         report::table({"group", "documents", "kept", "ratio"}, rows) + "</details>";
}

std::string layer_html(const Json& layer, std::size_t number) {
  std::string html =
      fmt::format("<h3>{}. {}</h3>", number, report::escape_html(layer.string_or("name", "")));
  if (const Json* scores = layer.find("scores")) html += score_charts(*scores);
  if (const Json* rates = layer.find("keep_rates")) html += keep_rates_html(*rates);
  const Json* samples = layer.find("samples");
  if (samples == nullptr || !samples->is_array() || samples->as_array().empty()) return html;
  html += fmt::format("<details><summary>{} samples: what fell or changed, and why</summary>",
                      samples->as_array().size());
  for (const Json& sample : samples->as_array()) {
    html += sample_html(sample);
  }
  return html + "</details>";
}

}  // namespace

void add_layers(const RunFiles& files, report::HtmlPage& page) {
  const auto data = files.json(files.of_curation("report/layers.json"));
  const Json* layers = data ? data->find("layers") : nullptr;
  if (layers == nullptr || !layers->is_array()) return;
  std::string html;
  for (std::size_t i = 0; i < layers->as_array().size(); ++i) {
    html += layer_html(layers->as_array()[i], i + 1);
  }
  page.add_section("Layers", html);
}

}  // namespace aludel::app
