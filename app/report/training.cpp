#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/chart.h"

namespace aludel::app {
namespace {

/// The points of one key over the steps of a training log.
report::Series series_of(const std::vector<Json>& log, const std::string& key,
                         const std::string& name) {
  report::Series series{.name = name, .points = {}};
  for (const Json& row : log) {
    const Json* value = row.find(key);
    if (value == nullptr || !value->is_number()) continue;
    series.points.push_back({row.number_or("step", 0), value->as_number()});
  }
  return series;
}

/// A running mean over about a fiftieth of the points, so that the trend can be seen.
report::Series smoothed(const report::Series& series) {
  const std::size_t width = std::max<std::size_t>(1, series.points.size() / 50);
  report::Series out{.name = series.name, .points = {}};
  double sum = 0;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    sum += series.points[i].y;
    if (i >= width) sum -= series.points[i - width].y;
    const auto count = static_cast<double>(std::min(i + 1, width));
    out.points.push_back({series.points[i].x, sum / count});
  }
  return out;
}

std::string facts(const Json& summary) {
  return report::table(
      {"parameters", "steps", "tokens", "seconds", "tokens per second", "utilisation of matmul"},
      {{report::human_count(summary.number_or("parameters", 0)),
        std::to_string(summary.integer_or("steps", 0)),
        report::human_count(summary.number_or("tokens", 0)),
        fmt::format("{:.0f}", summary.number_or("seconds", 0)),
        fmt::format("{:.0f}", summary.number_or("tokens_per_second", 0)),
        fmt::format("{:.0f} %", 100 * summary.number_or("flop_utilisation", 0))}});
}

std::string run_charts(const RunFiles& files, const std::string& folder, const std::string& title) {
  const auto log = files.jsonl(folder + "/train_log.jsonl");
  if (log.empty()) return "";
  std::string html = "<h3>" + report::escape_html(title) + "</h3>";
  if (const auto summary = files.json(folder + "/train.json")) html += facts(*summary);
  html += report::line_chart(
      {smoothed(series_of(log, "loss", "train")), series_of(log, "validation_loss", "held out")},
      "step", "loss per token, nats");
  const report::Series bits = series_of(log, "validation_bits_per_byte", "held out");
  if (!bits.points.empty()) html += report::line_chart({bits}, "step", "bits per byte");
  return html;
}

}  // namespace

void add_training(const RunFiles& files, report::HtmlPage& page) {
  const std::string html = run_charts(files, "pretrain", "Pretraining") +
                           run_charts(files, ".", "Supervised fine-tuning, replies only");
  if (!html.empty()) page.add_section("Training", html);
}

}  // namespace aludel::app
