#include <algorithm>
#include <cmath>

#include "app/model_command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
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

Result<int> run(const CommandLine& line) {
  LogitsOptions options;
  if (ALUDEL_TRY(line.read(options, {"model"})) == Parsed::help_shown) return kExitDone;
  if (options.ids.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[logits] give --ids and --out"};
  }
  const auto running = ALUDEL_TRY(open_model(line, options.model, infer::TokenizerNeed::optional));
  infer::Engine& engine = *running->loaded.engine;
  const auto ids = ALUDEL_TRY(read_ids(running->files, options.ids, engine));
  const auto sequence = engine.new_sequence();
  const infer::ModelInput input{sequence.get(), ids, infer::LogitsFor::every_token};
  const std::span<const float> logits = engine.run(std::span(&input, 1));
  const auto broken =
      std::ranges::count_if(logits, [](float logit) { return !std::isfinite(logit); });
  if (broken > 0) log_warning("[logits] {} of {} are no finite numbers", broken, logits.size());
  io::TensorView view;
  view.name = "logits";
  view.dtype = "F32";
  view.shape = {static_cast<std::int64_t>(ids.size()), engine.vocab_size()};
  view.bytes = {reinterpret_cast<const char*>(logits.data()), logits.size_bytes()};
  ALUDEL_TRY(io::write_safetensors(running->files, options.out, std::span(&view, 1)));
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
