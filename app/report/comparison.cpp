#include <algorithm>
#include <cmath>
#include <map>

#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/report/chart.h"

namespace aludel::app {
namespace {

/// Bits per byte of each arm of a comparison, by its name, in the order of the seeds.
using Arms = std::map<std::string, std::vector<double>>;

/// A step `compare_ARM_SEED` measured one model; its result is a JSON file in the run folder.
Arms read_arms(const RunFiles& files) {
  constexpr std::string_view kPrefix = "compare_";
  Arms arms;
  const Json recipe =
      parse_toml(files.text("recipe.toml").value_or(""), "recipe.toml").value_or(Json::object());
  const Json* steps = recipe.find("steps");
  if (steps == nullptr || !steps->is_array()) return arms;
  for (const Json& step : steps->as_array()) {
    const std::string name = step.string_or("name", "");
    const std::string result = step.string_or("result", "");
    if (!name.starts_with(kPrefix) || !result.starts_with("{run}/")) continue;
    const auto measured = files.json(result.substr(6));
    if (!measured) continue;
    const std::string arm = name.substr(kPrefix.size(), name.rfind('_') - kPrefix.size());
    arms[arm].push_back(measured->number_or("bits_per_byte", 0));
  }
  return arms;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum / static_cast<double>(values.size());
}

}  // namespace

void add_comparison(const RunFiles& files, report::HtmlPage& page) {
  const Arms arms = read_arms(files);
  if (arms.size() < 2) return;
  std::vector<report::Bar> bars;
  std::vector<std::vector<std::string>> rows;
  double widest = 0;
  for (const auto& [arm, values] : arms) {
    const auto [least, most] = std::ranges::minmax(values);
    widest = std::max(widest, most - least);
    const double mean = mean_of(values);
    bars.push_back({arm, mean, fmt::format("{:.4f}", mean)});
    std::string each;
    for (const double value : values) {
      each += fmt::format("{}{:.4f}", each.empty() ? "" : ", ", value);
    }
    rows.push_back({arm, fmt::format("{:.4f}", mean), fmt::format("{:.4f}", most - least), each});
  }
  const auto less = [](const report::Bar& a, const report::Bar& b) { return a.value < b.value; };
  const auto [best, worst] = std::ranges::minmax_element(bars, less);
  const double gap = worst->value - best->value;
  page.add_section(
      "Comparison",
      fmt::format("<p>Bits per byte on the same held-out text; less is better. Between the means "
                  "of <b>{}</b> and <b>{}</b> lie {:.4f}; the seeds of one arm differ by up to "
                  "{:.4f}.</p>",
                  report::escape_html(best->label), report::escape_html(worst->label), gap,
                  widest) +
          report::bar_chart(bars) + report::table({"text", "mean", "spread", "seeds"}, rows));
}

}  // namespace aludel::app
