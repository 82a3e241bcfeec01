#pragma once

#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {

/// Fewer unread records than this never end a run, whatever their share.
inline constexpr std::uint64_t kFewFailures = 10;

/// One bad document never ends a run. A source does that yields no document at all, and one of
/// which a larger share than the config's `max_failures` cannot be read, before anything is fitted
/// on the rest. What counts as unread says is_loss() in unread.h. Errors: corrupt_data with the
/// source, the counts by reason, the worst files and what to do.
Status check_read_failures(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
