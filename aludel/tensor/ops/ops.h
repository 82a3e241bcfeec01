#pragma once

#include "aludel/tensor/op.h"

namespace aludel::tensor {

// The operations that a transformer's block, loss and optimizer are made of; each is told in full
// by its signature in ops/defs/. Activations are matrices [T, columns]: T tokens of all documents
// behind each other, heads side by side in the columns.

extern const OpSpec op_adamw;                 // one optimizer update, in place
extern const OpSpec op_add;                   // a + b
extern const OpSpec op_attention;             // causal, grouped heads, block-diagonal by document
extern const OpSpec op_cast;                  // to another dtype
extern const OpSpec op_embedding;             // rows of a table
extern const OpSpec op_linear;                // x W^T
extern const OpSpec op_linear_cross_entropy;  // loss of each token without all logits at once
extern const OpSpec op_rms_norm;              // root mean square normalisation
extern const OpSpec op_rope;                  // rotary positions, half-rotation
extern const OpSpec op_sum_of_squares;        // for the norm of all gradients
extern const OpSpec op_swiglu;                // silu(gate) * up

/// A label that has no loss.
inline constexpr std::int32_t kNoLabel = -100;

}  // namespace aludel::tensor
