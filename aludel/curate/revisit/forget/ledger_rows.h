#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/revisit/forget/rewrite.h"

namespace aludel::curate {

/// Takes documents out of a ledger so that it still balances: a last row `forget` of each source
/// drops the kept ones, `forgotten_rejects` counts the others by layer and reason, and the tokens
/// (by source) go from out.tokens where they were counted.
void forget_in_ledger(Json& ledger, const std::vector<FoundDocument>& documents,
                      const std::map<std::string, std::uint64_t>& tokens);

}  // namespace aludel::curate
