#include "app/command.h"
#include "app/config_file.h"
#include <fmt/format.h>

#include "aludel/io/scheme_file_system.h"
#include "aludel/train/trainer.h"

namespace aludel::app {
namespace {

struct TrainOptions {
  std::string config;
  std::vector<std::string> set;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("config", config, "TOML file; without one, everything is given by --set");
    v("set", set, "changes to the config: steps=100 schedule.peak=1e-3");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("overwrite", overwrite, "remove another training that OUT holds, and begin anew");
  }
};

Result<int> run(const CommandLine& line) {
  TrainOptions options;
  if (ALUDEL_TRY(line.read(options, {"config"})) == Parsed::help_shown) return kExitDone;
  if (options.config.empty() && options.set.empty()) {
    return Error{Code::invalid_argument,
                 "[train] give a config, or --set KEY=VALUE…; see: aludel help train"};
  }
  io::SchemeFileSystem files;
  train::TrainConfig config;
  ALUDEL_TRY(read_config_file(files, options.config, options.set, fields_of(config)));
  Threads threads(static_cast<int>(options.threads));
  ALUDEL_TRY(train::train(config, {files, threads, line.isa, line.existing(options.overwrite)}));
  print(fmt::format("{}/model", config.out));
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_train = {
    .name = "train",
    .summary = "Trains a model: from random weights, or on conversations.",
    .details =
        "Goes on from the newest checkpoint in OUT/checkpoints where the steps that are done are "
        "its own:\n"
        "the same data, weights to start from and settings. More steps go on as long as the "
        "schedule gave\n"
        "those steps the same rates (constant; wsd before its decay). Anything else is refused "
        "with what\n"
        "differs, unless --overwrite is given.\n"
        "Leaves OUT/model (a Hugging Face folder), OUT/train_log.jsonl and OUT/train.json.\n"
        "A config that works:\n"
        "  out = \"runs/small\"\n"
        "  data = \"tokens/train\"          # token shard; sft: conversations.jsonl\n"
        "  validation = \"tokens/valid\"    # measured at every checkpoint; sft: "
        "conversations.jsonl\n"
        "  tokenizer = \"tokenizer\"\n"
        "  steps = 400\n"
        "  [shape]\n"
        "  blocks = 6\n"
        "  [schedule]\n"
        "  peak = 3e-3\n"
        "Every key with its meaning and default: aludel list train_config",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
