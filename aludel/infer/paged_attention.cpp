#include "aludel/infer/paged_attention.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/infer/paged_attention.cpp"
#include <hwy/foreach_target.h>
//
#include <algorithm>

#include <hwy/highway.h>

#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using tensor::HWY_NAMESPACE::exponential;
using tensor::HWY_NAMESPACE::Lanes;
using tensor::HWY_NAMESPACE::Vector;

inline constexpr std::size_t kLanes = hn::MaxLanes(Lanes());
inline constexpr std::size_t kStep = kLanes >= 16 ? 4 : kLanes > 1 ? 2 : 1;  // registers of a row

/// What attend() keeps of its rows: the largest score, the sum of weights, the sum of values.
struct Rows {
  float* largest;
  float* sums;
  float* values;   // [rows, P]
  float* weights;  // [rows, 64]: scores, then weights, of one page
};

template <KvFormat format>
HWY_INLINE Vector load(const std::byte* elements, std::size_t i) {
  const Lanes lanes;
  if constexpr (format == KvFormat::f32) {
    return hn::LoadU(lanes, reinterpret_cast<const float*>(elements) + i);
  } else {
    const hn::Rebind<std::int8_t, Lanes> bytes;
    const hn::RebindToSigned<Lanes> words;
    const auto q = hn::LoadU(bytes, reinterpret_cast<const std::int8_t*>(elements) + i);
    return hn::ConvertTo(lanes, hn::PromoteTo(words, q));
  }
}

/// Sums of products as scores: scaled, and for 8-bit keys by their scales too.
template <KvFormat format, std::size_t kRows>
HWY_INLINE void store_scores(const Vector (&sums)[kRows][kStep], float scale, const float* scales,
                             float* weights) {
  const Lanes lanes;
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t s = 0; s < kStep; ++s) {
      auto value = hn::Mul(sums[r][s], hn::Set(lanes, scale));
      if (format == KvFormat::q8) value = hn::Mul(value, hn::LoadU(lanes, scales + s * kLanes));
      hn::StoreU(value, lanes, weights + r * kPageTokens + s * kLanes);
    }
  }
}

/// Products of kRows queries with the first `tokens` keys of a page, rounded up to whole steps.
template <KvFormat format, std::size_t kRows>
HWY_INLINE void score(const PagedQueries& queries, const std::byte* page, std::size_t first,
                      std::size_t tokens, float* weights) {
  const Lanes lanes;
  const PageLayout& layout = *queries.layout;
  const float* q[kRows];
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::size_t row = first + r;
    q[r] =
        queries.q + row / queries.group * queries.stride + row % queries.group * layout.head_size;
  }
  for (std::size_t t = 0; t < tokens; t += kStep * kLanes) {
    Vector sums[kRows][kStep];
    for (auto& row : sums) {
      for (auto& sum : row)
        sum = hn::Zero(lanes);
    }
    for (std::size_t d = 0; d < layout.head_size; ++d) {
      Vector keys[kStep];
#pragma GCC unroll 4
      for (std::size_t s = 0; s < kStep; ++s) {
        keys[s] = load<format>(page, d * kPageTokens + t + s * kLanes);
      }
#pragma GCC unroll 4
      for (std::size_t r = 0; r < kRows; ++r) {
        const auto value = hn::Set(lanes, q[r][d]);
#pragma GCC unroll 4
        for (std::size_t s = 0; s < kStep; ++s)
          sums[r][s] = hn::MulAdd(value, keys[s], sums[r][s]);
      }
    }
    const auto* scales = reinterpret_cast<const float*>(page + layout.key_scales);
    store_scores<format, kRows>(sums, queries.scale, scales + t, weights + t);
  }
}

/// Scores of one row to weights; what was summed before shrinks where a larger score appears.
template <KvFormat format>
HWY_INLINE void weigh(const PageLayout& layout, const std::byte* page, std::size_t visible,
                      std::size_t tokens, const Rows& rows, std::size_t row) {
  const Lanes lanes;
  float* weights = rows.weights + row * kPageTokens;
  if (visible == 0) {
    std::fill_n(weights, tokens, 0.0F);
    return;
  }
  auto largest = hn::Set(lanes, rows.largest[row]);
  for (std::size_t t = 0; t < visible; t += kLanes) {
    const auto seen = hn::FirstN(lanes, visible - t);
    largest = hn::Max(largest,
                      hn::IfThenElse(seen, hn::LoadU(lanes, weights + t), hn::Set(lanes, -1e30F)));
  }
  largest = hn::MaxOfLanes(lanes, largest);
  auto sum = hn::Zero(lanes);
  const auto* scales = reinterpret_cast<const float*>(page + layout.value_scales);
  for (std::size_t t = 0; t < tokens; t += kLanes) {
    const auto seen = hn::FirstN(lanes, visible > t ? visible - t : 0);
    auto weight =
        hn::IfThenElseZero(seen, exponential(hn::Sub(hn::LoadU(lanes, weights + t), largest)));
    sum = hn::Add(sum, weight);
    if (format == KvFormat::q8) weight = hn::Mul(weight, hn::LoadU(lanes, scales + t));
    hn::StoreU(weight, lanes, weights + t);
  }
  const float now = hn::GetLane(largest);
  if (now > rows.largest[row]) {
    const auto shrink = exponential(hn::Sub(hn::Set(lanes, rows.largest[row]), largest));
    rows.sums[row] *= hn::GetLane(shrink);
    float* values = rows.values + row * layout.padded_size;
    for (std::size_t d = 0; d < layout.padded_size; d += kLanes) {
      hn::StoreU(hn::Mul(hn::LoadU(lanes, values + d), shrink), lanes, values + d);
    }
    rows.largest[row] = now;
  }
  rows.sums[row] += hn::GetLane(hn::SumOfLanes(lanes, sum));
}

/// values += weights * page's values, for kRows rows and kWide registers of the head.
template <KvFormat format, std::size_t kRows, std::size_t kWide>
HWY_INLINE void add_values(const PageLayout& layout, const std::byte* page, std::size_t tokens,
                           std::size_t column, const float* weights, float* values) {
  const Lanes lanes;
  Vector sums[kRows][kWide];
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t w = 0; w < kWide; ++w) {
      sums[r][w] = hn::LoadU(lanes, values + r * layout.padded_size + column + w * kLanes);
    }
  }
  for (std::size_t t = 0; t < tokens; ++t) {
#pragma GCC unroll 4
    for (std::size_t w = 0; w < kWide; ++w) {
      const auto value =
          load<format>(page + layout.values, t * layout.padded_size + column + w * kLanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < kRows; ++r) {
        sums[r][w] = hn::MulAdd(hn::Set(lanes, weights[r * kPageTokens + t]), value, sums[r][w]);
      }
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t w = 0; w < kWide; ++w) {
      hn::StoreU(sums[r][w], lanes, values + r * layout.padded_size + column + w * kLanes);
    }
  }
}

template <KvFormat format, std::size_t kRows>
HWY_INLINE void attend_page(const PagedQueries& queries, std::size_t page_index, std::size_t first,
                            std::size_t row, const Rows& rows) {
  const PageLayout& layout = *queries.layout;
  const std::byte* page = queries.pages[page_index * queries.page_stride];
  const std::size_t before = page_index * kPageTokens;
  const auto visible = [&](std::size_t r) {
    const std::size_t position = queries.position + (first + row + r) / queries.group;
    return position < before ? 0 : std::min(kPageTokens, position - before + 1);
  };
  const std::size_t tokens = visible(kRows - 1);  // of the rows, the last one sees most
  if (tokens == 0) return;
  const std::size_t whole = (tokens + kLanes - 1) / kLanes * kLanes;
  score<format, kRows>(queries, page, first + row, tokens, rows.weights + row * kPageTokens);
  for (std::size_t r = 0; r < kRows; ++r) {
    weigh<format>(layout, page, visible(r), whole, rows, row + r);
  }
  const float* weights = rows.weights + row * kPageTokens;
  float* values = rows.values + row * layout.padded_size;
  std::size_t column = 0;
  for (; column + kStep * kLanes <= layout.padded_size; column += kStep * kLanes) {
    add_values<format, kRows, kStep>(layout, page, tokens, column, weights, values);
  }
  for (; column < layout.padded_size; column += kLanes) {
    add_values<format, kRows, 1>(layout, page, tokens, column, weights, values);
  }
}

template <KvFormat format>
void attend_rows(const PagedQueries& queries, std::size_t first, std::size_t count,
                 float* scratch) {
  const PageLayout& layout = *queries.layout;
  Rows rows{.largest = scratch,
            .sums = scratch + kAttentionRows,
            .values = scratch + 2 * kAttentionRows,
            .weights = nullptr};
  rows.weights = rows.values + kAttentionRows * layout.padded_size;
  std::fill_n(rows.largest, count, -1e30F);
  std::fill_n(rows.sums, count, 0.0F);
  std::fill_n(rows.values, count * layout.padded_size, 0.0F);
  const std::size_t last = queries.position + (first + count - 1) / queries.group;
  for (std::size_t page = 0; page <= last / kPageTokens; ++page) {
    std::size_t row = 0;
    for (; row + 4 <= count; row += 4)
      attend_page<format, 4>(queries, page, first, row, rows);
    for (; row < count; ++row)
      attend_page<format, 1>(queries, page, first, row, rows);
  }
  for (std::size_t row = 0; row < count; ++row) {
    const float inverse = 1.0F / rows.sums[row];
    float* out = queries.out + (first + row) / queries.group * queries.stride +
                 (first + row) % queries.group * layout.head_size;
    const float* values = rows.values + row * layout.padded_size;
    for (std::size_t d = 0; d < layout.head_size; ++d)
      out[d] = values[d] * inverse;
  }
}

void attend_f32(const PagedQueries& queries, std::size_t first, std::size_t count, float* scratch) {
  attend_rows<KvFormat::f32>(queries, first, count, scratch);
}

void attend_q8(const PagedQueries& queries, std::size_t first, std::size_t count, float* scratch) {
  attend_rows<KvFormat::q8>(queries, first, count, scratch);
}

}  // namespace aludel::infer::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::infer {

HWY_EXPORT(attend_f32);
HWY_EXPORT(attend_q8);

std::size_t attention_scratch(const PageLayout& layout) {
  return kAttentionRows * (2 + layout.padded_size + kPageTokens);
}

void attend(const PagedQueries& queries, std::size_t first, std::size_t count, float* scratch) {
  if (queries.layout->format == KvFormat::f32) {
    HWY_DYNAMIC_DISPATCH(attend_f32)(queries, first, count, scratch);
  } else {
    HWY_DYNAMIC_DISPATCH(attend_q8)(queries, first, count, scratch);
  }
}

}  // namespace aludel::infer
#endif
