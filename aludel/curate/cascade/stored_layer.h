#pragma once

#include <memory>
#include <span>

#include "aludel/curate/cascade/layer.h"

// Layers that judge by what was noted in an annotated run.
namespace aludel::curate {

/// By spec.make_stored, or by its cut-offs. REQUIRES: spec.is_stored().
/// Errors: those of make_stored and, for wrong settings, of make.
Result<std::unique_ptr<Layer>> make_stored_layer(const LayerSpec& spec, const Json& settings,
                                                 const LayerContext& context);

/// Judges by `stored` as long as a document's text is as it was annotated, else by `measured`.
std::unique_ptr<Layer> make_stored_or_measured(std::unique_ptr<Layer> stored,
                                               std::unique_ptr<Layer> measured);

}  // namespace aludel::curate
