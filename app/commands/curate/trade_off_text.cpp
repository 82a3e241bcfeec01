#include "app/commands/curate/trade_off_text.h"

#include <fmt/format.h>

#include "aludel/base/json_items.h"

namespace aludel::app {
namespace {

/// The number with so many digits; a dash where there is none.
std::string number_text(const Json* number, int digits) {
  if (number == nullptr || !number->is_number()) return "-";
  return fmt::format("{:.{}f}", number->as_number(), digits);
}

}  // namespace

std::string trade_off_text(const Json& trade_off) {
  const auto line = [](const Json& row, std::string_view mark) {
    return fmt::format("{:>8.2f}% {:>11.2f}% {:>12} {:>14} {:>14} {:>8} {:>10} {}\n",
                       row.number_or("quality_share", 0) * 100,
                       row.number_or("perplexity_share", 0) * 100, row.integer_or("documents", 0),
                       row.integer_or("bytes_text", 0), row.integer_or("tokens", 0),
                       number_text(row.find("mean_quality"), 3),
                       number_text(row.find("median_perplexity"), 1), mark);
  };
  std::string text =
      fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "quality", "perplexity",
                  "documents", "bytes", "tokens", "quality", "perplexity");
  text += fmt::format("{:>9} {:>12} {:>12} {:>14} {:>14} {:>8} {:>10}\n", "cut", "cut", "kept",
                      "kept", "(about)", "(mean)", "(median)");
  for (const Json& row : items_of(trade_off.find("table"))) {
    text += line(row, "");
  }
  if (const Json* solution = trade_off.find("solution")) text += line(*solution, "<- the target");
  return text;
}

}  // namespace aludel::app
