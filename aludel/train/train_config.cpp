#include "aludel/train/train_config.h"

#include <fmt/format.h>

namespace aludel::train {
namespace {

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[train] {}", what)};
}

/// A whole number of the config and the range it must lie in.
struct Bounded {
  std::string_view key;
  std::int64_t value;
  std::int64_t least;
  std::int64_t most;
};

Status validate_numbers(const TrainConfig& config) {
  constexpr std::int64_t kMostSteps = std::int64_t{1} << 40;
  constexpr std::int64_t kMostRows = std::int64_t{1} << 20;
  constexpr std::int64_t kMostWidth = std::int64_t{1} << 24;  // as models::read_llama_config
  constexpr std::int64_t kMostBlocks = 4096;
  const ShapeConfig& shape = config.shape;
  for (const Bounded& number : {
           Bounded{"steps", config.steps, 1, kMostSteps},
           Bounded{"rows", config.rows, 1, kMostRows},
           Bounded{"row_tokens", config.row_tokens, 2, kMostRows},
           Bounded{"evaluate_every", config.evaluate_every, 0, kMostSteps},
           Bounded{"checkpoint_every", config.checkpoint_every, 1, kMostSteps},
           Bounded{"validation_rows", config.validation_rows, 0, kMostSteps},
           Bounded{"shape.blocks", shape.blocks, 1, kMostBlocks},
           Bounded{"shape.width", shape.width, 1, kMostWidth},
           Bounded{"shape.inner_width", shape.inner_width, 1, kMostWidth},
           Bounded{"shape.heads", shape.heads, 1, kMostBlocks},
           Bounded{"shape.kv_heads", shape.kv_heads, 1, kMostBlocks},
           Bounded{"shape.max_positions", shape.max_positions, 1, kMostWidth},
       }) {
    if (number.value < number.least || number.value > number.most) {
      return wrong(fmt::format("{} is {}, expected {} to {}", number.key, number.value,
                               number.least, number.most));
    }
  }
  return Ok{};
}

}  // namespace

Status validate(const TrainConfig& config) {
  if (config.stage != "pretrain" && config.stage != "sft") {
    return wrong(fmt::format("stage must be pretrain or sft, not '{}'", config.stage));
  }
  if (config.precision != "auto" && config.precision != "f32" && config.precision != "bf16") {
    return wrong(fmt::format("precision must be auto, f32 or bf16, not '{}'", config.precision));
  }
  if (config.out.empty() || config.data.empty() || config.tokenizer.empty()) {
    return wrong("out, data and tokenizer must be given");
  }
  if (config.stage == "sft" && config.init.empty()) {
    return wrong("stage sft needs init, the model to start from");
  }
  ALUDEL_TRY(validate_numbers(config));
  const ShapeConfig& shape = config.shape;
  if (shape.heads % shape.kv_heads != 0 || shape.width % shape.heads != 0 ||
      shape.width / shape.heads % 2 != 0) {
    return wrong("shape: heads must divide width into even head sizes, kv_heads must divide heads");
  }
  ALUDEL_TRY(validate(config.optimizer));
  return validate(config.schedule);
}

models::ModelConfig model_config(const ShapeConfig& shape, std::size_t vocabulary) {
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  models::ModelConfig config;
  config.vocabulary = vocabulary;
  config.width = size(shape.width);
  config.inner_width = size(shape.inner_width);
  config.blocks = size(shape.blocks);
  config.heads = size(shape.heads);
  config.kv_heads = size(shape.kv_heads);
  config.head_size = config.width / config.heads;
  config.max_positions = size(shape.max_positions);
  config.norm_epsilon = shape.norm_epsilon;
  config.tied_embeddings = shape.tied_embeddings;
  config.rope.theta = shape.rope_theta;
  return config;
}

}  // namespace aludel::train
