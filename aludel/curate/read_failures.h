#pragma once

#include "aludel/base/result.h"
#include "aludel/curate/config.h"
#include "aludel/curate/ledger.h"

namespace aludel::curate {

/// Fewer damaged records than this never end a run, whatever their share.
inline constexpr std::uint64_t kFewFailures = 100;

/// One bad document never ends a run; a source of which a larger share than the config's
/// `max_failures` cannot be read does, before anything is fitted on the rest. What was left out on
/// purpose (other statuses, media types and kinds of files, revisits, empty bodies) is no failure.
/// Errors: corrupt_data with the source, the counts by reason and what to do.
Status check_read_failures(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
