#pragma once

#include <cstddef>
#include <vector>

#include "aludel/tensor/op.h"

namespace aludel::tensor {

/// Tokens of one document that are worked on at once.
struct AttentionTile {
  std::size_t first;  // token
  std::size_t count;
  std::size_t document;
};

struct AttentionDocument {
  std::size_t first;  // token
  std::size_t count;
  std::size_t first_tile;
  std::size_t tiles;
};

/// How one attention call is cut: tiles of up to kTile tokens, counted from each document's start,
/// so that only a tile with itself needs the causal mask.
struct AttentionPlan {
  static constexpr std::size_t kTile = 64;
  static constexpr std::size_t kLanes = 16;  // widest vector; packed rows are padded to it

  explicit AttentionPlan(const OpCall& call);

  /// Floats of one packed tile of one head.
  std::size_t tile_size() const { return kTile * width; }

  std::size_t heads;
  std::size_t kv_heads;
  std::size_t head_size;
  std::size_t width;  // head_size padded to kLanes
  float scale;
  std::vector<AttentionDocument> documents;
  std::vector<AttentionTile> tiles;
};

/// Keys and values of all tiles in f32, [tile, kv head] a packed tile each; the transposed ones are
/// [head_size, kTile], the others [kTile, width]. Padding is 0.
struct PackedKeys {
  Tensor keys_transposed;
  Tensor values;
  Tensor keys;               // only for the gradient
  Tensor values_transposed;  // only for the gradient

  static float* tile(const Tensor& packed, const AttentionPlan& plan, std::size_t tile,
                     std::size_t kv_head) {
    return packed.data<float>() + (tile * plan.kv_heads + kv_head) * plan.tile_size();
  }
};

}  // namespace aludel::tensor
