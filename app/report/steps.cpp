#include <algorithm>

#include "app/report/sections.h"
#include <fmt/format.h>

namespace aludel::app {

void add_steps(const RunFiles& files, report::HtmlPage& page) {
  const auto recipe = files.text("recipe.toml");
  if (!recipe) return;
  const auto table = parse_toml(*recipe, "recipe.toml");
  const Json* steps = table ? table.value().find("steps") : nullptr;
  if (steps == nullptr || !steps->is_array()) return;
  std::vector<std::vector<std::string>> rows;
  double seconds = 0;
  double memory = 0;
  for (const Json& step : steps->as_array()) {
    const std::string name = step.string_or("name", "");
    const auto marker = files.json("steps/" + name + ".json");
    if (!marker || !marker->bool_or("finished", false)) continue;
    seconds += marker->number_or("seconds", 0);
    memory = std::max(memory, marker->number_or("peak_memory_bytes", 0));
    rows.push_back({name, step.string_or("what", ""),
                    report::human_seconds(marker->number_or("seconds", 0)),
                    report::human_bytes(marker->number_or("peak_memory_bytes", 0))});
  }
  rows.push_back({"all", "", report::human_seconds(seconds), report::human_bytes(memory)});
  page.add_section("Steps", report::table({"step", "what it does", "time", "peak memory"}, rows));
}

}  // namespace aludel::app
