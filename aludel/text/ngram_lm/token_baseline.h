#pragma once

#include <cstdint>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/formats/token_shard.h"

namespace aludel::text {

/// What an n-gram model over token ids says about held-out documents.
struct TokenBaseline {
  int order = 0;
  std::uint64_t train_tokens = 0;
  std::uint64_t valid_tokens = 0;
  double bits = 0;  // of all held-out tokens, the end ids included

  double bits_per_token() const;
  double bits_per_byte(std::uint64_t bytes) const;
};

/// Trains interpolated modified Kneser-Ney on the documents of `train` (at most `max_tokens` of
/// them, 0 for all) and scores those of `valid`; each document stands alone, behind a begin mark.
/// The vocabulary is every id up to the largest of both. Errors: invalid_argument for an order
/// outside of 1 to kMaxNgramOrder; resource_exhausted for 2^32 or more tokens.
Result<TokenBaseline> measure_token_baseline(const io::TokenShard& train,
                                             const io::TokenShard& valid, int order,
                                             std::uint64_t max_tokens, Threads& threads);

}  // namespace aludel::text
