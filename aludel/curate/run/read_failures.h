#pragma once

#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {

/// Fewer unread records than this never end a run, whatever their share.
inline constexpr std::uint64_t kFewFailures = 10;

/// Checks how much of the sources could not be read, before a layer learns of the rest. A bad
/// document never ends a run, but these do: a source that yields no document at all (in a run
/// without a limit), and a source with a larger share of unread records than the config's
/// `max_failures`. is_loss() in unread.h says which records count as unread. Errors: corrupt_data
/// with the source, the counts by reason, the worst files and what to do.
Status check_read_failures(const CurateConfig& config, const Counts& counts);

}  // namespace aludel::curate
