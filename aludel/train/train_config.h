#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/models/config.h"
#include "aludel/models/config_numbers.h"
#include "aludel/train/adamw.h"
#include "aludel/train/schedule.h"

namespace aludel::train {

inline constexpr double kMostSteps = 1e12;
inline constexpr double kMostRows = 1 << 20;

/// The shape of a new model: Yi's architecture, arXiv:2403.04652 section 2.3.
struct ShapeConfig {
  std::int64_t blocks = 6;
  std::int64_t width = 256;
  std::int64_t inner_width = 704;
  std::int64_t heads = 8;
  std::int64_t kv_heads = 2;
  std::int64_t max_positions = 4096;
  double rope_theta = 10000;
  double norm_epsilon = 1e-5;
  bool tied_embeddings = false;

  template <class V>
  void visit(V& v) {
    v("blocks", blocks, "transformer blocks, L", between(1, models::kMostBlocks));
    v("width", width, "hidden size, C", between(1, models::kMostWidth));
    v("inner_width", inner_width, "width inside the MLP, F", between(1, models::kMostWidth));
    v("heads", heads, "query heads, H", between(1, models::kMostBlocks));
    v("kv_heads", kv_heads, "key and value heads; divides heads", between(1, models::kMostBlocks));
    v("max_positions", max_positions, "context length that config.json states",
      between(1, models::kMostWidth));
    v("rope_theta", rope_theta, "base of the rotary angles", models::kRopeThetas);
    v("norm_epsilon", norm_epsilon, "epsilon of RMSNorm", models::kNormEpsilons);
    v("tied_embeddings", tied_embeddings, "the head is the embedding table");
  }
};

/// One training run: `aludel train CONFIG.toml`.
struct TrainConfig {
  std::string stage = "pretrain";
  std::string out;
  std::string tokenizer;
  std::string data;
  std::string validation;
  std::string init;
  std::string precision = "auto";
  std::int64_t steps = 400;
  std::int64_t rows = 8;
  std::int64_t row_tokens = 512;
  std::int64_t evaluate_every = 0;
  std::int64_t checkpoint_every = 100;
  std::int64_t validation_rows = 64;
  std::int64_t seed = 1;
  ShapeConfig shape;
  AdamWConfig optimizer;
  ScheduleConfig schedule;

  template <class V>
  void visit(V& v) {
    v("stage", stage, "pretrain: token shards; sft: conversations, loss on replies only",
      one_of({"pretrain", "sft"}));
    v("out", out, "folder for the log, checkpoints and, at OUT/model, the result");
    v("tokenizer", tokenizer, "folder with tokenizer.model; copied beside the weights");
    v("data", data, "pretrain: prefix of a token shard; sft: JSONL with `messages`");
    v("validation", validation, "held-out data of the same kind; none when empty");
    v("init", init, "model folder to start from; random weights when empty");
    v("precision", precision, "of products; auto: bf16 where the CPU has it",
      one_of({"auto", "f32", "bf16"}));
    v("steps", steps, "optimizer steps", between(1, kMostSteps));
    v("rows", rows, "rows per step, B", between(1, kMostRows));
    v("row_tokens", row_tokens, "tokens per row, T", between(2, kMostRows));
    v("evaluate_every", evaluate_every,
      "steps between evaluations beside those at checkpoints; 0: none", between(0, kMostSteps));
    v("checkpoint_every", checkpoint_every,
      "steps between checkpoints; each is measured on held-out data", between(1, kMostSteps));
    v("validation_rows", validation_rows,
      "rows of held-out data per evaluation, 0: all; the last has all", between(0, kMostSteps));
    v("seed", seed, "of the weights and the order of the data");
    v("shape", shape, "shape of a new model");
    v("optimizer", optimizer, "AdamW");
    v("schedule", schedule, "learning rate");
  }
};

/// Errors: invalid_argument, naming the key.
Status validate(const TrainConfig& config);

/// Refuses rows that are longer than what the model reads, its shape's or that of init.
/// Errors: invalid_argument, naming both.
Status check_row_tokens(const TrainConfig& config, std::int64_t context);

/// The config of a new model of that shape; end ids are <|endoftext|> and, for chat, <|im_end|>.
models::ModelConfig model_config(const ShapeConfig& shape, std::size_t vocabulary);

}  // namespace aludel::train
