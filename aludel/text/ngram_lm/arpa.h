#pragma once

#include <string_view>

#include "aludel/base/result.h"
#include "aludel/text/ngram_lm/ngram_tables.h"

namespace aludel::text {

/// Reads an ARPA language model (as SRILM and KenLM write it) of order 1 to kMaxNgramOrder. A
/// missing backoff is 0, a missing <unk> has log10 probability -100, and an n-gram whose shorter
/// ending is missing gets that ending with the probability that backing off gives it.
/// Errors: corrupt_data with the line; unsupported for a higher order.
Result<NgramTables> parse_arpa(std::string_view text);

}  // namespace aludel::text
