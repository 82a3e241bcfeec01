#pragma once

#include "aludel/curate/cascade/layer.h"

// Keeps the newest of several captures of an address.
namespace aludel::curate {

/// Finds the captures that a newer capture of the same normalised address replaces, and writes them
/// as findings: {"id", "newest"}. Sorts 48 bytes a page by address.
Status fit_captures(const CorpusFit& fit);

}  // namespace aludel::curate
