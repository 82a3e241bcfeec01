#include "app/model_command.h"

#include <cstdio>

#include <fmt/format.h>

#include "aludel/base/clock.h"
#include "aludel/base/log.h"

namespace aludel::app {

Result<std::unique_ptr<RunningModel>> open_model(const CommandLine& line,
                                                 const ModelOptions& options,
                                                 infer::TokenizerNeed need) {
  if (options.model.empty()) {
    return Error{Code::invalid_argument,
                 fmt::format("[{}] name a model folder; see: aludel help {}", line.command.name,
                             line.command.name)};
  }
  const double started = now_seconds();
  auto running = std::make_unique<RunningModel>(static_cast<int>(options.threads), line.isa);
  running->loaded = ALUDEL_TRY(
      infer::load_model_folder(running->device, running->files, options.model, options.kv, need));
  const infer::Engine& engine = *running->loaded.engine;
  log_info("{}: {:.1f} M parameters, {:.1f} MB, loaded in {:.2f} s; {} threads, {}",
           running->loaded.name, static_cast<double>(engine.model().config.parameter_count()) / 1e6,
           static_cast<double>(engine.weights().bytes()) / 1e6, now_seconds() - started,
           running->threads.count(), tensor::packed_kernels(line.isa).name);
  return running;
}

void print_part(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace aludel::app
