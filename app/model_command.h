#pragma once
// What the commands that run a model share.

#include <cstdint>
#include <memory>
#include <string>

#include "app/command.h"

#include "aludel/infer/generation.h"
#include "aludel/infer/model_folder.h"

namespace aludel::app {

struct ModelOptions {
  std::string model;
  std::int64_t threads = 0;
  std::string kv = "auto";

  template <class V>
  void visit(V& v) {
    v("model", model, "a model folder (config.json, weights, tokenizer), or a run with model/");
    v("threads", threads, "0: one per core", kThreadCounts);
    v("kv", kv, "of keys and values; auto: q8, 8 bits, where the weights are quantised",
      one_of(infer::kKvChoices));
  }
};

/// A model with the threads that it runs on.
struct RunningModel {
  RunningModel(int thread_count, Isa isa) : threads(thread_count), device(threads, isa) {}

  io::LocalFileSystem files;
  Threads threads;
  tensor::Device device;
  infer::LoadedModel loaded;
};

/// Errors: invalid_argument when no model was named; those of load_model_folder.
Result<std::unique_ptr<RunningModel>> open_model(const CommandLine& line,
                                                 const ModelOptions& options,
                                                 infer::TokenizerNeed need);

/// Reads the command's options again, over the sampling that the model's folder states: a flag
/// counts first, then the folder, then the command.
template <class Options>
Status take_stated_sampling(const CommandLine& line, const infer::LoadedModel& model,
                            Options& options) {
  options = Options();
  options.sampling = model.sampling.over(options.sampling);
  ALUDEL_TRY(line.read(options, {"model"}));
  return Ok{};
}

/// Writes a piece of a result to stdout at once, without a newline.
void print_part(std::string_view text);

}  // namespace aludel::app
