#include "app/report/sections.h"
#include <fmt/format.h>

#include "aludel/curate/target/target_layer.h"

namespace aludel::app {
namespace {

std::string optional_number(const Json& row, std::string_view key, int digits) {
  const Json* value = row.find(key);
  return value == nullptr || !value->is_number()
             ? ""
             : fmt::format("{:.{}f}", value->as_number(), digits);
}

std::vector<std::string> cells(const Json& row, std::string_view mark) {
  return {fmt::format("{:.2f} %", 100 * row.number_or("quality_share", 0)),
          fmt::format("{:.2f} %", 100 * row.number_or("perplexity_share", 0)),
          std::to_string(row.integer_or("documents", 0)),
          report::human_bytes(row.number_or("bytes_text", 0)),
          report::human_count(row.number_or("tokens", 0)),
          optional_number(row, "mean_quality", 3),
          optional_number(row, "median_perplexity", 1),
          std::string(mark)};
}

}  // namespace

void add_targets(const RunFiles& files, report::HtmlPage& page) {
  const auto data = files.json(files.of_curation(curate::trade_off_path()));
  const Json* table = data ? data->find("table") : nullptr;
  const Json* solution = data ? data->find("solution") : nullptr;
  if (table == nullptr || !table->is_array() || solution == nullptr) return;
  std::vector<std::vector<std::string>> rows;
  for (const Json& row : table->as_array()) {
    rows.push_back(cells(row, ""));
  }
  rows.push_back(cells(*solution, "the target"));
  page.add_section(
      "Target",
      "<p>What stays at each setting of the dials: the share of each language's documents that "
      "falls by quality, then by perplexity.</p>" +
          report::table({"quality cut", "perplexity cut", "documents", "text", "tokens, about",
                         "mean quality", "median perplexity", ""},
                        rows));
}

}  // namespace aludel::app
