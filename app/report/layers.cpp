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

std::string layer_html(const Json& layer, std::size_t number) {
  std::string html =
      fmt::format("<h3>{}. {}</h3>", number, report::escape_html(layer.string_or("name", "")));
  if (const Json* scores = layer.find("scores")) html += score_charts(*scores);
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
