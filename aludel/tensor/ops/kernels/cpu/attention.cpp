#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/tensor/ops/kernels/cpu/attention.cpp"
#include <cmath>
#include <limits>

#include <hwy/foreach_target.h>

#include "aludel/tensor/ops/kernels/cpu/attention/plan.h"
#include "aludel/tensor/ops/kernels/cpu/simd/lanes-inl.h"
#include "aludel/tensor/ops/kernels/cpu/simd/tile_product-inl.h"
#include "aludel/tensor/parallel.h"

HWY_BEFORE_NAMESPACE();

namespace aludel::tensor::HWY_NAMESPACE {

constexpr std::size_t kTile = AttentionPlan::kTile;

/// `count` rows of one head, from token `first` on, as f32 [count, width] times factor.
HWY_INLINE void unpack_rows(const Tensor& from, const AttentionPlan& plan, std::size_t first,
                            std::size_t count, std::size_t head, float factor, float* to) {
  const Lanes lanes;
  const std::size_t columns = from.shape().columns();
  for (std::size_t row = 0; row < count; ++row) {
    const Elements source(from, (first + row) * columns + head * plan.head_size, plan.head_size);
    for (std::size_t d = 0; d < plan.width; d += hn::Lanes(lanes)) {
      const auto value = d < plan.head_size ? load(source, d) : hn::Zero(lanes);
      hn::StoreU(hn::Mul(value, hn::Set(lanes, factor)), lanes, to + row * plan.width + d);
    }
  }
}

/// [kTile, width] to [head_size, kTile].
HWY_INLINE void transpose_tile(const float* from, const AttentionPlan& plan, float* to) {
  for (std::size_t d = 0; d < plan.head_size; ++d) {
    for (std::size_t row = 0; row < kTile; ++row) {
      to[d * kTile + row] = from[row * plan.width + d];
    }
  }
}

/// Packs keys and values of one tile.
void pack_tile(const OpCall& call, const AttentionPlan& plan, std::size_t tile,
               const PackedKeys& packed, float* scratch) {
  const auto pack = [&](const Tensor& from, const Tensor& plain, const Tensor& transposed,
                        std::size_t head) HWY_ATTR {
    float* rows = plain.defined() ? PackedKeys::tile(plain, plan, tile, head) : scratch;
    std::fill(rows, rows + plan.tile_size(), 0.0F);
    unpack_rows(from, plan, plan.tiles[tile].first, plan.tiles[tile].count, head, 1.0F, rows);
    if (!transposed.defined()) return;
    transpose_tile(rows, plan, PackedKeys::tile(transposed, plan, tile, head));
  };
  for (std::size_t head = 0; head < plan.kv_heads; ++head) {
    pack(call.inputs[1], packed.keys, packed.keys_transposed, head);
    pack(call.inputs[2], packed.values, packed.values_transposed, head);
  }
}

/// Lanes [column, column + N) of a row that may see columns [0, visible).
HWY_INLINE auto visible_lanes(std::size_t column, std::size_t visible) {
  return hn::FirstN(Lanes(), visible > column ? visible - column : 0);
}

/// One query row against one tile of scores: makes them exp(score - new maximum), and rescales
/// what earlier tiles left. Source: Milakov & Gimelshein 2018, arXiv:1805.02867.
struct OnlineSoftmax {
  float largest = -std::numeric_limits<float>::infinity();
  float sum = 0;

  HWY_INLINE void take(float* scores, std::size_t visible, float* out, std::size_t width) {
    const Lanes lanes;
    const auto nothing = hn::Set(lanes, -std::numeric_limits<float>::infinity());
    auto most = nothing;
    for (std::size_t c = 0; c < kTile; c += hn::Lanes(lanes)) {
      const auto score = hn::Load(lanes, scores + c);
      most = hn::Max(most, hn::IfThenElse(visible_lanes(c, visible), score, nothing));
    }
    const float now = std::max(largest, hn::GetLane(hn::MaxOfLanes(lanes, most)));
    const auto shift = hn::Set(lanes, now);
    auto total = hn::Zero(lanes);
    for (std::size_t c = 0; c < kTile; c += hn::Lanes(lanes)) {
      const auto share = hn::IfThenElseZero(
          visible_lanes(c, visible), exponential(hn::Sub(hn::Load(lanes, scores + c), shift)));
      total = hn::Add(total, share);
      hn::Store(share, lanes, scores + c);
    }
    const float decay = std::exp(largest - now);
    sum = sum * decay + hn::GetLane(hn::SumOfLanes(lanes, total));
    largest = now;
    if (decay == 1.0F) return;
    for (std::size_t d = 0; d < width; d += hn::Lanes(lanes)) {
      hn::Store(hn::Mul(hn::Load(lanes, out + d), hn::Set(lanes, decay)), lanes, out + d);
    }
  }
};

/// Output and log-sum-exp of one tile of queries and one head. `scratch`: 2 packed tiles and
/// kTile * kTile scores.
void attend_tile(const OpCall& call, const AttentionPlan& plan, const PackedKeys& packed,
                 std::pair<std::size_t, std::size_t> tile_and_head, float* scratch) {
  const Lanes lanes;
  const auto [tile_index, head] = tile_and_head;
  const AttentionTile& tile = plan.tiles[tile_index];
  const std::size_t kv_head = head * plan.kv_heads / plan.heads;
  float* queries = scratch;
  float* out = queries + plan.tile_size();
  float* scores = out + plan.tile_size();
  unpack_rows(call.inputs[0], plan, tile.first, tile.count, head, plan.scale, queries);
  std::fill(out, out + plan.tile_size(), 0.0F);
  OnlineSoftmax softmax[kTile];
  for (std::size_t j = plan.documents[tile.document].first_tile; j <= tile_index; ++j) {
    multiply_tile({queries, plan.width, 1,
                   PackedKeys::tile(packed.keys_transposed, plan, j, kv_head), kTile, scores, kTile,
                   tile.count, kTile, plan.head_size, false});
    for (std::size_t row = 0; row < tile.count; ++row) {
      softmax[row].take(scores + row * kTile, j == tile_index ? row + 1 : kTile,
                        out + row * plan.width, plan.width);
    }
    multiply_tile({scores, kTile, 1, PackedKeys::tile(packed.values, plan, j, kv_head), plan.width,
                   out, plan.width, tile.count, plan.width, plan.tiles[j].count, true});
  }
  const std::size_t columns = call.outputs[0].shape().columns();
  float* log_sums = call.outputs[1].data<float>();
  for (std::size_t row = 0; row < tile.count; ++row) {
    const std::size_t token = tile.first + row;
    const Elements y(call.outputs[0], token * columns + head * plan.head_size, plan.head_size);
    const auto factor = hn::Set(lanes, 1.0F / softmax[row].sum);
    for (std::size_t d = 0; d < plan.head_size; d += hn::Lanes(lanes)) {
      store(hn::Mul(hn::Load(lanes, out + row * plan.width + d), factor), y, d);
    }
    log_sums[token * plan.heads + head] = softmax[row].largest + std::log(softmax[row].sum);
  }
}

/// What the gradient of one document and one key head works in; [tokens, width] but for the last.
struct GradientScratch {
  float* queries;
  float* dy;
  float* dqueries;
  float* dkeys;
  float* dvalues;
  float* deltas;   // [tokens]
  float* shares;   // [kTile, kTile]
  float* dscores;  // [kTile, kTile]

  GradientScratch(float* memory, const AttentionPlan& plan, std::size_t tokens)
      : queries(memory),
        dy(queries + tokens * plan.width),
        dqueries(dy + tokens * plan.width),
        dkeys(dqueries + tokens * plan.width),
        dvalues(dkeys + tokens * plan.width),
        deltas(dvalues + tokens * plan.width),
        shares(deltas + (tokens + kTile - 1) / kTile * kTile),
        dscores(shares + kTile * kTile) {}
};

/// From scores and dP to shares P = exp(score - log sum) and dS = P (dP - delta), for one row.
HWY_INLINE void score_gradient_row(float* shares, float* dscores, std::size_t visible,
                                   float log_sum, float delta) {
  const Lanes lanes;
  for (std::size_t c = 0; c < kTile; c += hn::Lanes(lanes)) {
    const auto shifted = hn::Sub(hn::Load(lanes, shares + c), hn::Set(lanes, log_sum));
    const auto share = hn::IfThenElseZero(visible_lanes(c, visible), exponential(shifted));
    const auto dshare = hn::Sub(hn::Load(lanes, dscores + c), hn::Set(lanes, delta));
    hn::Store(share, lanes, shares + c);
    hn::Store(hn::Mul(share, dshare), lanes, dscores + c);
  }
}

/// Adds what one query head gives to dqueries, dkeys and dvalues of the document.
HWY_INLINE void add_head_gradient(const AttentionPlan& plan, const PackedKeys& packed,
                                  const AttentionDocument& document, std::size_t head,
                                  const float* log_sums, const GradientScratch& s) {
  const std::size_t kv_head = head * plan.kv_heads / plan.heads;
  const std::size_t width = plan.width;
  for (std::size_t j = 0; j < document.tiles; ++j) {
    const std::size_t tile = document.first_tile + j;
    const std::size_t keys = plan.tiles[tile].count;
    const auto packed_tile = [&](const Tensor& tensor)
                                 HWY_ATTR { return PackedKeys::tile(tensor, plan, tile, kv_head); };
    for (std::size_t i = j; i < document.tiles; ++i) {
      const std::size_t rows = plan.tiles[document.first_tile + i].count;
      const std::size_t at = i * kTile;
      const float* queries = s.queries + at * width;
      const float* dy = s.dy + at * width;
      multiply_tile({queries, width, 1, packed_tile(packed.keys_transposed), kTile, s.shares, kTile,
                     rows, kTile, plan.head_size, false});
      multiply_tile({dy, width, 1, packed_tile(packed.values_transposed), kTile, s.dscores, kTile,
                     rows, kTile, plan.head_size, false});
      for (std::size_t row = 0; row < rows; ++row) {
        const float log_sum = log_sums[(document.first + at + row) * plan.heads + head];
        score_gradient_row(s.shares + row * kTile, s.dscores + row * kTile,
                           i == j ? row + 1 : kTile, log_sum, s.deltas[at + row]);
      }
      multiply_tile({s.shares, 1, kTile, dy, width, s.dvalues + j * kTile * width, width, keys,
                     width, rows, true});
      multiply_tile({s.dscores, 1, kTile, queries, width, s.dkeys + j * kTile * width, width, keys,
                     width, rows, true});
      multiply_tile({s.dscores, kTile, 1, packed_tile(packed.keys), width, s.dqueries + at * width,
                     width, rows, width, keys, true});
    }
  }
}

/// Writes or adds [tokens, width] times factor to one head's columns of a gradient.
HWY_INLINE void pack_rows(const float* from, const AttentionPlan& plan,
                          const AttentionDocument& document, std::size_t head, float factor,
                          const GradientSlot& slot) {
  if (!slot.tensor.defined()) return;
  const Lanes lanes;
  const std::size_t columns = slot.tensor.shape().columns();
  for (std::size_t row = 0; row < document.count; ++row) {
    const Elements to(slot.tensor, (document.first + row) * columns + head * plan.head_size,
                      plan.head_size);
    for (std::size_t d = 0; d < plan.head_size; d += hn::Lanes(lanes)) {
      const auto value = hn::Load(lanes, from + row * plan.width + d);
      accumulate(hn::Mul(value, hn::Set(lanes, factor)), to, d, slot.write == Write::add);
    }
  }
}

/// Gradients of one document and one key head with all query heads that it serves.
void attention_gradient(const GradientCall& call, const AttentionPlan& plan,
                        const PackedKeys& packed,
                        std::pair<std::size_t, std::size_t> document_and_head, float* memory) {
  const AttentionDocument& document = plan.documents[document_and_head.first];
  const std::size_t kv_head = document_and_head.second;
  const std::size_t group = plan.heads / plan.kv_heads;
  const std::size_t size = document.count * plan.width;
  const GradientScratch s(memory, plan, document.count);
  std::fill(s.dkeys, s.dkeys + size, 0.0F);
  std::fill(s.dvalues, s.dvalues + size, 0.0F);
  for (std::size_t head = kv_head * group; head < (kv_head + 1) * group; ++head) {
    std::fill(s.dqueries, s.dqueries + size, 0.0F);
    // delta = sum of dy * y
    unpack_rows(call.forward.outputs[0], plan, document.first, document.count, head, 1.0F,
                s.queries);
    unpack_rows(call.of_result, plan, document.first, document.count, head, 1.0F, s.dy);
    for (std::size_t row = 0; row < document.count; ++row) {
      float sum = 0;
      for (std::size_t d = 0; d < plan.head_size; ++d) {
        sum += s.queries[row * plan.width + d] * s.dy[row * plan.width + d];
      }
      s.deltas[row] = sum;
    }
    unpack_rows(call.forward.inputs[0], plan, document.first, document.count, head, plan.scale,
                s.queries);
    add_head_gradient(plan, packed, document, head, call.forward.outputs[1].data<float>(), s);
    pack_rows(s.dqueries, plan, document, head, plan.scale, call.of_inputs[0]);
  }
  pack_rows(s.dkeys, plan, document, kv_head, 1.0F, call.of_inputs[1]);
  pack_rows(s.dvalues, plan, document, kv_head, 1.0F, call.of_inputs[2]);
}

}  // namespace aludel::tensor::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace aludel::tensor {

HWY_EXPORT(pack_tile);
HWY_EXPORT(attend_tile);
HWY_EXPORT(attention_gradient);

namespace {

PackedKeys pack_keys(Device& device, const OpCall& call, const AttentionPlan& plan,
                     bool for_gradient) {
  const std::size_t size = plan.tiles.size() * plan.kv_heads * plan.tile_size();
  const auto take = [&](bool wanted) {
    return wanted ? device.temporary(DType::f32, {size}) : Tensor();
  };
  PackedKeys packed{take(true), take(true), take(for_gradient), take(for_gradient)};
  device.threads().parallel_for(plan.tiles.size(), [&](std::size_t tile, int worker) {
    auto* scratch = static_cast<float*>(device.scratch(worker, plan.tile_size() * sizeof(float)));
    HWY_DYNAMIC_DISPATCH(pack_tile)(call, plan, tile, packed, scratch);
  });
  return packed;
}

void run_attention(Device& device, const OpCall& call) {
  const AttentionPlan plan(call);
  const PackedKeys packed = pack_keys(device, call, plan, false);
  const std::size_t floats = 2 * plan.tile_size() + AttentionPlan::kTile * AttentionPlan::kTile;
  const std::size_t tasks = plan.tiles.size() * plan.heads;
  device.threads().parallel_for(tasks, [&](std::size_t task, int worker) {
    auto* scratch = static_cast<float*>(device.scratch(worker, floats * sizeof(float)));
    HWY_DYNAMIC_DISPATCH(attend_tile)
    (call, plan, packed, {task / plan.heads, task % plan.heads}, scratch);
  });
}

void run_attention_gradient(Device& device, const GradientCall& call) {
  const AttentionPlan plan(call.forward);
  const PackedKeys packed = pack_keys(device, call.forward, plan, true);
  std::size_t longest = 0;
  for (const AttentionDocument& document : plan.documents) {
    longest = std::max(longest, document.count);
  }
  const std::size_t floats =
      longest * (5 * plan.width + 1) + AttentionPlan::kTile * (2 * AttentionPlan::kTile + 1);
  const std::size_t tasks = plan.documents.size() * plan.kv_heads;
  device.threads().parallel_for(tasks, [&](std::size_t task, int worker) {
    auto* scratch = static_cast<float*>(device.scratch(worker, floats * sizeof(float)));
    HWY_DYNAMIC_DISPATCH(attention_gradient)
    (call, plan, packed, {task / plan.kv_heads, task % plan.kv_heads}, scratch);
  });
}

}  // namespace

extern constinit const KernelSpec kernel_cpu_attention = {.op = "attention",
                                                          .device = "cpu",
                                                          .run = run_attention,
                                                          .run_gradient = run_attention_gradient};

}  // namespace aludel::tensor
#endif  // HWY_ONCE
