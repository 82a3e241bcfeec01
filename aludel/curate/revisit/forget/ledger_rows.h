#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/revisit/forget/rewrite.h"

namespace aludel::curate {

/// Takes documents out of a ledger so that it still balances. A last row `forget` of each source
/// drops the kept documents; `forgotten_rejects` counts the rejects by layer and reason; `tokens`
/// (by source) are subtracted from out.tokens if these were counted.
void forget_in_ledger(Json& ledger, const std::vector<FoundDocument>& documents,
                      const std::map<std::string, std::uint64_t>& tokens);

}  // namespace aludel::curate
