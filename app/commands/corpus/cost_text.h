#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/json.h"
#include "aludel/curate/run/forecast.h"

// How `aludel corpus forecast` shows a cost.
namespace aludel::app {

/// What a forecast is told for, besides CPU time: 0 stands for not at all.
struct CostTerms {
  std::int64_t cores = 0;  // hours on so many cores
  double price = 0;        // of an hour of one core, in any currency
};

/// CPU time and cost by stage, memory and disk, as one JSON object.
Json cost_json(const curate::RunCost& cost, const CostTerms& terms);

/// The same for people.
std::string cost_text(const curate::RunCost& cost, const CostTerms& terms);

}  // namespace aludel::app
