#include <algorithm>
#include <cmath>

#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/infer/generation.h"
#include "aludel/io/formats/safetensors.h"

namespace aludel::app {
namespace {

struct LogitsOptions {
  ModelOptions model;
  std::string ids;
  std::string out;

  template <class V>
  void visit(V& v) {
    model.visit(v);
    v("ids", ids, "file with one JSON array of token ids; nothing is added to them");
    v("out", out, "safetensors file to write, with one f32 tensor logits [T, V]");
  }
};

Result<std::vector<std::int32_t>> read_ids(io::FileSystem& files, const std::string& path,
                                           const infer::LanguageModel& model) {
  const auto json = parse_json(ALUDEL_TRY(io::read_file(files, path)));
  if (!json) return Error(json.error()).with_context(path);
  if (!json.value().is_array() || json.value().as_array().empty()) {
    return Error{Code::corrupt_data, path + ": [logits] expected one JSON array of ids"};
  }
  std::vector<std::int32_t> ids;
  for (const Json& id : json.value().as_array()) {
    if (!id.is_integer() || id.as_integer() < 0 || id.as_integer() >= model.vocab_size()) {
      return Error{Code::corrupt_data, fmt::format("{}: [logits] {} is no id of a vocabulary of {}",
                                                   path, id.dump(), model.vocab_size())};
    }
    ids.push_back(static_cast<std::int32_t>(id.as_integer()));
  }
  if (static_cast<std::int64_t>(ids.size()) > model.context_length()) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: [logits] {} ids, the model's context holds {}", path, ids.size(),
                             model.context_length())};
  }
  return ids;
}

/// Writes logits [T, V] a chunk of rows at a time: those of a whole context can be larger than the
/// model.
Status write_logits(io::FileSystem& files, const std::string& path, infer::LanguageModel& model,
                    std::span<const std::int32_t> ids) {
  const auto rows = static_cast<std::int64_t>(ids.size());
  const auto file = ALUDEL_TRY(
      io::begin_safetensors(files, path, {"logits", "F32", {rows, model.vocab_size()}, {}}));
  const auto sequence = model.new_sequence();
  std::int64_t broken = 0;
  while (!ids.empty()) {
    const auto chunk = ids.first(std::min(ids.size(), std::size_t{infer::kPrefillChunk}));
    const infer::ModelInput input{sequence.get(), chunk, infer::LogitsFor::every_token};
    const std::span<const float> logits = model.run(std::span(&input, 1));
    broken += std::ranges::count_if(logits, [](float logit) { return !std::isfinite(logit); });
    ALUDEL_TRY(file->write({reinterpret_cast<const char*>(logits.data()), logits.size_bytes()}));
    ids = ids.subspan(chunk.size());
  }
  ALUDEL_TRY(file->commit());
  if (broken > 0) {
    log_warning("[logits] {} of {} are no finite numbers", broken, rows * model.vocab_size());
  }
  return Ok{};
}

Result<int> run(const CommandLine& line) {
  LogitsOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  if (options.ids.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[logits] give --ids and --out"};
  }
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::optional));
  infer::Engine& engine = *running->loaded.engine;
  const auto ids = ALUDEL_TRY(read_ids(running->files, options.ids, engine));
  ALUDEL_TRY(write_logits(running->files, options.out, engine, ids));
  log_info("wrote logits [{}, {}] to {}", ids.size(), engine.vocab_size(), options.out);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_logits = {
    .name = "logits",
    .summary = "Writes a model's raw logits for given token ids.",
    .details =
        "The ids are one text, from its first position on.\n"
        "Example: aludel logits MODEL --ids ids.json --out logits.safetensors",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
