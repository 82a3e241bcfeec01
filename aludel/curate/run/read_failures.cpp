#include "aludel/curate/run/read_failures.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/curate/sources/unread.h"

namespace aludel::curate {
namespace {

/// Refuses a source that yields nothing: its path, its format or its keys must be wrong. What was
/// found instead tells which, so the message says it.
Status check_yield(const SourceConfig& source, const SourceCounts& counts,
                   const LayerCounts& read) {
  const bool is_told = std::ranges::any_of(
      read.dropped, [](const auto& item) { return is_told_to_leave_out(item.first); });
  if (read.kept > 0 || is_told) return Ok{};
  const std::string found =
      read.dropped.empty() ? std::string("its files hold no record") : reasons_text(read.dropped);
  return Error{Code::corrupt_data,
               fmt::format("[curate] source '{}' yields no document ({}){}{}: mend its path, "
                           "format or text_key, or leave the source out",
                           source.name, found, counts.unread.empty() ? "" : "; most in ",
                           worst_files_text(counts.unread))};
}

Status check_share(const SourceConfig& source, const SourceCounts& counts, const LayerCounts& read,
                   double max_failures) {
  const std::uint64_t failures = counts.unread.records();
  if (failures < kFewFailures ||
      static_cast<double>(failures) <= max_failures * static_cast<double>(read.in)) {
    return Ok{};
  }
  return Error{Code::corrupt_data,
               fmt::format("[curate] source '{}': {} of {} records could not be read ({}), more "
                           "than max_failures = {}; most in {}: mend or leave out those files (a "
                           "path takes patterns: in/**.html), or raise max_failures; what was read "
                           "is kept for the next start",
                           source.name, failures, read.in, reasons_text(counts.unread.reasons()),
                           max_failures, worst_files_text(counts.unread))};
}

}  // namespace

Status check_read_failures(const CurateConfig& config, const Counts& counts) {
  if (!config.from.empty()) return Ok{};  // the run that is read again was checked
  for (const SourceConfig& source : config.sources) {
    const auto found = counts.find(source.name);
    const SourceCounts none;
    const SourceCounts& all = found == counts.end() ? none : found->second;
    const auto row = all.layers.find(kReadLayer);
    const LayerCounts read = row == all.layers.end() ? LayerCounts() : row->second;
    if (config.limit == 0) ALUDEL_TRY(check_yield(source, all, read));
    ALUDEL_TRY(check_share(source, all, read, config.max_failures));
  }
  return Ok{};
}

}  // namespace aludel::curate
