#pragma once

// The fit of layer semantic in one process's memory: what its plan must find, too.

#include <memory>

#include "aludel/base/threads.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/layers/semantic/described.h"

namespace aludel::curate::semantic {

/// About 4 KB a document. `threads` and what the arguments refer to outlive the fit.
std::unique_ptr<Fit> start_meanings_fit(const MeaningSettings& settings, DescribeDocument describe,
                                        Threads& threads);

}  // namespace aludel::curate::semantic
