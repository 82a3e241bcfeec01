#pragma once
// Attention of new tokens over the pages of their text.

#include <cstddef>

#include "aludel/infer/kv_cache.h"

namespace aludel::infer {

/// Some queries of one text against one KV head. Row r is the query of token first_token + r /
/// group and of head r % group of those that share the KV head.
struct PagedQueries {
  const PageLayout* layout = nullptr;
  std::byte* const* pages = nullptr;  // of the block and KV head, `page_stride` apart
  std::size_t page_stride = 0;
  const float* q = nullptr;  // [tokens, stride], the group's heads side by side
  float* out = nullptr;      // as q
  std::size_t stride = 0;
  std::size_t group = 1;
  std::size_t position = 0;  // of the token of row 0 of q in its text
  float scale = 1;           // on the scores
};

/// Rows of one call.
inline constexpr std::size_t kAttentionRows = 32;

/// Floats of scratch memory that attend() needs.
std::size_t attention_scratch(const PageLayout& layout);

/// Writes rows [first, first + count) of out, count <= kAttentionRows. Each token sees its text up
/// to itself. A row's sums run over its text in order of pages, then tokens: it does not matter
/// which other rows are computed with it, nor how much of the text came with earlier calls.
/// Source: Milakov & Gimelshein 2018, arXiv:1805.02867 (online softmax); Kwon et al. 2023,
/// arXiv:2309.06180 (pages).
void attend(const PagedQueries& queries, std::size_t first, std::size_t count, float* scratch);

}  // namespace aludel::infer
