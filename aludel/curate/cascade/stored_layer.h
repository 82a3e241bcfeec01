#pragma once

#include <memory>
#include <span>

#include "aludel/curate/cascade/layer.h"

// Layers that judge by what was noted in an annotated run.
namespace aludel::curate {

/// Holds what is noted against the settings, rule by rule, as the layer itself would: the first
/// rule that is broken decides. REQUIRES: the settings have a number (or a bool) for every rule.
Verdict judge_noted(std::span<const CutOff> cut_offs, const Json& noted, const Json& settings);

/// What a rule holds against its limit; nullptr where it does not apply: its value is not noted, or
/// the one is that stands in its way.
const Json* value_of_rule(const CutOff& cut_off, const Json& noted);

/// The number that a setting stands for: true is 1. REQUIRES: it is a number or a bool.
double number_of_setting(const Json& settings, std::string_view name);

/// By spec.make_stored, or by its cut-offs. REQUIRES: spec.is_stored().
/// Errors: those of make_stored and, for wrong settings, of make.
Result<std::unique_ptr<Layer>> make_stored_layer(const LayerSpec& spec, const Json& settings,
                                                 const LayerContext& context);

/// Judges by `stored` as long as a document's text is as it was annotated, else by `measured`.
std::unique_ptr<Layer> make_stored_or_measured(std::unique_ptr<Layer> stored,
                                               std::unique_ptr<Layer> measured);

}  // namespace aludel::curate
