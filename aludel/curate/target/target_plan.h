#pragma once

#include <cstdint>
#include <string_view>

#include "aludel/curate/learn/corpus.h"

// Chooses the documents to drop so that a target is met, by a plan over partitioned files.
namespace aludel::curate {

/// The size to cut to. REQUIRES: `tokens` or `keep` is above 0.
struct Target {
  std::uint64_t tokens = 0;
  double keep = 0;  // share of the documents that were read
  double bytes_per_token = 4;
  std::uint64_t documents_read = 0;
};

inline constexpr std::string_view kTargetCuts = "target.jsonl";
inline constexpr std::string_view kTradeOff = "trade_off.json";

/// Drops documents by two dials, in this order, until the target is met. Each goes by percentiles
/// within a language, so that no language is favoured: (1) quality, the worst scores first, until
/// 90 % of each language's documents are dropped (as many as DCLM, arXiv:2406.11794, drops by its
/// classifier); (2) perplexity, the highest first (CCNet, arXiv:1911.00359). Writes two files of
/// state: kTargetCuts, the last dropped document of each language and dial; kTradeOff, what each
/// tenth of the first dial would keep, and the solution. Sorts 48 bytes a document twice for each
/// dial. Errors: invalid_argument when too much is left and no document has a rank.
Status fit_target(const CorpusFit& fit, const Target& target);

}  // namespace aludel::curate
