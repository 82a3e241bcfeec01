#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/models/config.h"
#include "aludel/models/program.h"

// A model family describes its block once, as a Program: a list of coarse operations over named
// weights. Executors run it, and know no family:
//   value[0] = start(ids); for each block: x = block(x); x = finish(x); logits = linear(x, head).
// For each Step in order an executor looks up its operands (a value, a weight, a Context), runs
// `step.op` through the tensor library's table (tensor::run) or its own kernel where it has a
// better one (an engine replaces op_attention by attention over its KV cache, op_linear by products
// with packed weights: compare `step.op == &tensor::op_attention`), and keeps outputs[0] as value
// i + 1. Activations are matrices [T, columns]; heads lie side by side in the columns.
// The training tape (train/tape.h) and the inference engine (infer/engine.h) are two executors.
namespace aludel::models {

struct ModelDescription {
  Program start;     // Context::ids -> x [T, C]
  Program block;     // x -> x, once per block, with that block's weights
  Program finish;    // x -> the last hidden state [T, C]
  std::string head;  // name of the weight [V, C] that makes logits of it; may be start's table

  /// Every weight of the model by full name, each once: start, blocks in order, finish, head.
  std::vector<WeightInfo> weights(const ModelConfig& config) const;
};

/// "model.layers.3." + name
std::string block_weight_name(std::size_t block, std::string_view name);

/// One model family, found by the `architectures` field of a checkpoint.
struct FamilySpec {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::span<const std::string_view> architectures;
  /// Other names of a block's weights in published checkpoints: {theirs, ours}.
  std::span<const std::pair<std::string_view, std::string_view>> aliases;
  Result<ModelConfig> (*read_config)(const Json& config);
  Json (*write_config)(const ModelConfig& config, std::string_view dtype);
  ModelDescription (*describe)(const ModelConfig& config);
};

std::span<const FamilySpec* const> all_families();

/// A model without its weights.
struct Model {
  const FamilySpec* family = nullptr;
  ModelConfig config;
  ModelDescription description;
};

/// The model of that config; its `architecture` names the family.
/// Errors: unsupported for an architecture that no family lists.
Result<Model> make_model(const ModelConfig& config);

/// Reads FOLDER/config.json, and begin and end ids also from FOLDER/generation_config.json where
/// present: the end ids of both are united, its begin id counts.
/// Errors: those of reading; corrupt_data, unsupported as read_config.
Result<Model> load_model(io::FileSystem& files, const std::string& folder);

}  // namespace aludel::models
