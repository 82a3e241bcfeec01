#include "aludel/train/train_config.h"

#include <utility>

#include <fmt/format.h>

#include "aludel/io/place.h"
#include "aludel/train/run_folder.h"

namespace aludel::train {
namespace {

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[train] {}", what)};
}

/// Refuses what is read where the run writes, or, begun anew, removes what lies there.
Status expect_inputs_outside(const TrainConfig& config) {
  const std::pair<std::string_view, const std::string&> inputs[] = {
      {"init", config.init},
      {"tokenizer", config.tokenizer},
      {"data", config.data},
      {"validation", config.validation}};
  for (const std::string& own :
       {model_folder(config), checkpoint_folder(config), log_path(config), summary_path(config)}) {
    for (const auto& [name, path] : inputs) {
      if (path.empty() || !(io::place_of(path) + "/").starts_with(io::place_of(own) + "/"))
        continue;
      return wrong(
          fmt::format("{} is {}, which the run would replace: give another out", name, path));
    }
  }
  return Ok{};
}

}  // namespace

Status validate(const TrainConfig& config) {
  ALUDEL_TRY(check_config(config, "train"));
  if (config.out.empty() || config.data.empty() || config.tokenizer.empty()) {
    return wrong("out, data and tokenizer must be given");
  }
  if (config.stage == "sft" && config.init.empty()) {
    return wrong("stage sft needs init, the model to start from");
  }
  ALUDEL_TRY(expect_inputs_outside(config));
  const ShapeConfig& shape = config.shape;
  if (shape.heads % shape.kv_heads != 0 || shape.width % shape.heads != 0 ||
      shape.width / shape.heads % 2 != 0 || shape.width / shape.heads > models::kMostBlocks) {
    return wrong(
        fmt::format("shape: heads must divide width into even head sizes up to {}, "
                    "kv_heads must divide heads",
                    models::kMostBlocks));
  }
  return config.init.empty() ? check_row_tokens(config, shape.max_positions) : Status(Ok{});
}

Status check_row_tokens(const TrainConfig& config, std::int64_t context) {
  if (config.row_tokens <= context) return Ok{};
  const std::string context_of =
      config.init.empty() ? "shape.max_positions" : "the context of " + config.init;
  return wrong(fmt::format(
      "row_tokens is {}, more than {}, {}: a document could reach behind the model's last "
      "position; lower row_tokens{}",
      config.row_tokens, context_of, context,
      config.init.empty() ? " or raise shape.max_positions" : ""));
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
