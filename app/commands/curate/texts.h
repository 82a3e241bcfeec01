#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/forecast.h"

// What `aludel curate` prints for people; --json prints the same as JSON.
namespace aludel::app {

/// What became of a document, layer by layer, as curate::explain() has it.
std::string explanation_text(const Json& explanation);

/// What each setting of the dials would keep, and the solution, as state/target/trade_off.json.
std::string trade_off_text(const Json& trade_off);

/// CPU time by stage, memory and disk; the time on `cores` cores, too, where that is above 0.
std::string cost_text(const curate::RunCost& cost, std::int64_t cores);

}  // namespace aludel::app
