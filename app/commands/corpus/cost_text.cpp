#include "app/commands/corpus/cost_text.h"

#include <fmt/format.h>

namespace aludel::app {
namespace {

constexpr double kHour = 3600;

/// Hours of work shared by all cores, if all of them are busy all the time.
double hours_on(double core_hours, const CostTerms& terms) {
  return core_hours / static_cast<double>(terms.cores);
}

}  // namespace

Json cost_json(const curate::RunCost& cost, const CostTerms& terms) {
  const double hours = cost.total_cpu_seconds() / kHour;
  Json json = Json::object();
  json["input_bytes"] = cost.input_bytes;
  json["cpu_seconds"] = cost.total_cpu_seconds();
  if (terms.cores > 0) json["hours"] = hours_on(hours, terms);
  if (terms.price > 0) json["cost"] = hours * terms.price;
  for (const auto& [stage, seconds] : cost.cpu_seconds) {
    json["stages"][stage] = seconds;
  }
  json["peak_memory_bytes"] = cost.peak_memory_bytes;
  json["scratch_bytes"] = cost.scratch_bytes;
  json["output_bytes"] = cost.output_bytes;
  return json;
}

std::string cost_text(const curate::RunCost& cost, const CostTerms& terms) {
  constexpr double kGigabyte = 1e9;
  const bool has_price = terms.price > 0;
  const auto row = [&](std::string_view name, const std::string& hours, const std::string& money) {
    return fmt::format("{:<56} {:>12}", name, hours) +
           (has_price ? fmt::format(" {:>12}", money) : "") + "\n";
  };
  const auto line = [&](std::string_view name, double seconds) {
    const double hours = seconds / kHour;
    return row(name, fmt::format("{:.4f}", hours), fmt::format("{:.2f}", hours * terms.price));
  };
  std::string text = row("stage", "CPU hours", "cost");
  for (const auto& [stage, seconds] : cost.cpu_seconds) {
    text += line(stage, seconds);
  }
  text += line("all", cost.total_cpu_seconds());
  const double hours = cost.total_cpu_seconds() / kHour;
  text += fmt::format(
      "{:.4f} CPU hours for {:.2f} GB of input as stored; {:.2f} GB of memory, {:.2f} GB of "
      "scratch disk, {:.2f} GB of kept and rejects",
      hours, cost.input_bytes / kGigabyte, cost.peak_memory_bytes / kGigabyte,
      cost.scratch_bytes / kGigabyte, cost.output_bytes / kGigabyte);
  if (terms.cores > 0) {
    text += fmt::format("\n{:.4f} hours on {} cores, where all of them are busy all the time",
                        hours_on(hours, terms), terms.cores);
  }
  if (has_price) {
    text += fmt::format("\n{:.2f} to pay at {:g} for an hour of one core", hours * terms.price,
                        terms.price);
  }
  return text;
}

}  // namespace aludel::app
