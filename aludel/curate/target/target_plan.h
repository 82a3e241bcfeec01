#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/curate/learn/corpus.h"

// Which documents fall so that a target is met, as a plan over partitioned files.
namespace aludel::curate {

/// One of `tokens` and `keep` is above 0.
struct Target {
  std::uint64_t tokens = 0;
  double keep = 0;  // share of the documents that were read
  double bytes_per_token = 4;
  std::uint64_t documents_read = 0;
};

inline constexpr std::string_view kTargetCuts = "target.jsonl";
inline constexpr std::string_view kTradeOff = "trade_off.json";

/// Turns two dials, in this order, each by percentiles within a language, so that none is favoured:
/// (1) quality, the worst scores first, until 90 % of each language's documents have fallen (as
/// much as DCLM, arXiv:2406.11794, drops by its classifier); (2) perplexity, the most perplexing
/// first (CCNet, arXiv:1911.00359). It stops with the first document after which the target is met.
/// State: kTargetCuts, the last that falls of each language and dial; kTradeOff, what each tenth of
/// the first dial would keep, and the solution. 48 bytes a document are sorted, twice, and once
/// more for the second dial. Errors: invalid_argument when too much is left and nothing has a rank.
Status fit_target(const CorpusFit& fit, const Target& target);

}  // namespace aludel::curate
