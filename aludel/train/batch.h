#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aludel::train {

/// A label that has no loss.
inline constexpr std::int32_t kNoLabel = -100;

/// What one forward and backward pass reads: B rows of T tokens, cut into pieces that do not see
/// each other (documents, or parts of documents where a row ends).
struct Batch {
  std::size_t rows = 0;
  std::size_t row_tokens = 0;
  std::vector<std::int32_t> ids;        // [B * T]
  std::vector<std::int32_t> labels;     // [B * T], the token that follows, or kNoLabel
  std::vector<std::int32_t> positions;  // [B * T], from 0 in each piece
  std::vector<std::int32_t> pieces;     // lengths, in order; they sum to B * T; none crosses a row
};

}  // namespace aludel::train
