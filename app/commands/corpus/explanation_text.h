#pragma once

#include <string>

#include "aludel/base/json.h"

namespace aludel::app {

/// What became of a document, layer by layer, for people: `explanation` is what curate::explain()
/// returns.
std::string explanation_text(const Json& explanation);

}  // namespace aludel::app
