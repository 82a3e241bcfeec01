#pragma once

#include <string>

#include "aludel/base/json.h"

namespace aludel::app {

/// What each setting of the dials would keep, and the solution, for people: `trade_off` is what
/// state/target/trade_off.json holds.
std::string trade_off_text(const Json& trade_off);

}  // namespace aludel::app
