#include "aludel/curate/read_failures.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace aludel::curate {
namespace {

constexpr std::array<std::string_view, 8> kNoFailures = {"http_status", "media_type",    "no_http",
                                                         "revisit",     "empty",         "no_text",
                                                         "forgotten",   "unknown_format"};

Status check(const SourceConfig& source, const LayerCounts& read, double max_failures) {
  std::uint64_t failures = 0;
  std::string reasons;
  for (const auto& [reason, count] : read.dropped) {
    if (std::ranges::find(kNoFailures, reason) != kNoFailures.end()) continue;
    failures += count;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", reason, count);
  }
  if (failures < kFewFailures ||
      static_cast<double>(failures) <= max_failures * static_cast<double>(read.in)) {
    return Ok{};
  }
  return Error{Code::corrupt_data,
               fmt::format("[curate] source '{}': {} of {} records could not be read ({}), more "
                           "than max_failures = {}: mend or leave out those files, or raise "
                           "max_failures; what was read is kept for the next start",
                           source.name, failures, read.in, reasons, max_failures)};
}

}  // namespace

Status check_read_failures(const CurateConfig& config, const Counts& counts) {
  for (const SourceConfig& source : config.sources) {
    const auto found = counts.find(source.name);
    if (found == counts.end()) continue;
    const auto read = found->second.layers.find("read");
    if (read == found->second.layers.end()) continue;
    ALUDEL_TRY(check(source, read->second, config.max_failures));
  }
  return Ok{};
}

}  // namespace aludel::curate
