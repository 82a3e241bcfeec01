#pragma once

#include "aludel/base/result.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/run/filter.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Returns the layer that a filter runs, with its settings for each profile: those of the preset,
/// with --set on top. It is on where the run is that the state belongs to. Without such a run it is
/// on where the preset has it on, and for web pages in any case, since it was asked for by name.
/// Errors: invalid_argument for wrong names and settings, and for settings that the state decides;
/// those of reading the run's config.
Result<ResolvedLayer> layer_of_filter(io::FileSystem& files, const FilterOptions& options);

}  // namespace aludel::curate
