#pragma once

#include "aludel/curate/cascade/layer.h"

// Several captures of one address: the newest stays.
namespace aludel::curate {

/// Finds, of all web pages that have a normalised address, the captures that a newer one replaces:
/// {"id", "newest"}. 48 bytes a page are sorted by address.
Status fit_captures(const CorpusFit& fit);

}  // namespace aludel::curate
