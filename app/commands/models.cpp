#include "app/command.h"
#include <fmt/format.h>

#include "aludel/curate/model_building/build.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct ModelsOptions {
  std::string action;
  std::string config;
  std::string out;
  std::int64_t threads = 0;
  std::vector<std::string> set;
  bool json = false;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("action", action, "what to do", one_of({"build"}));
    v("config", config, "TOML that names the reference text");
    v("out", out, "folder for the models; overrides `out` of the config");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("set", set, "changes to the config: lm_order=5 classifier.epochs=3");
    v("json", json, "print the model cards as one JSON array");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Result<int> run(const CommandLine& line) {
  ModelsOptions options;
  if (ALUDEL_TRY(line.read(options, {"action", "config"})) == Parsed::help_shown) return kExitDone;
  if (options.config.empty()) {
    return Error{Code::invalid_argument, "[models] usage: aludel models build CONFIG.toml"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const std::string toml = ALUDEL_TRY(io::read_file(files, options.config));
  curate::ModelsConfig config =
      ALUDEL_TRY(curate::read_models_config(toml, options.config, options.set));
  if (!options.out.empty()) config.out = options.out;
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(config.out, "models")));
  Threads threads(static_cast<int>(options.threads));
  const std::vector<Json> cards = ALUDEL_TRY(curate::build_models(files, config, threads));
  if (options.json) {
    print(Json(Json::Array(cards.begin(), cards.end())).dump());
    return kExitDone;
  }
  for (const Json& card : cards) {
    print(fmt::format("{}  {}", io::join_path(config.out, card.string_or("file", "")),
                      card.find("held_out")->dump()));
    const Json* classes = card.find("classes");
    if (classes == nullptr) continue;
    for (const auto& [name, note] : classes->as_object()) {
      print(fmt::format("  {}: {}", name, note.dump()));
    }
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_models = {
    .name = "models",
    .summary = "Trains the cascade's own models: language, quality, topic, safety.",
    .details =
        "aludel models build CONFIG.toml [--out DIR]\n"
        "The config lists [[reference]] text with path, roles and language; roles are lm,\n"
        "quality_good, quality_bad, topic:NAME and safety:CLASS; topic:* and safety:* take the\n"
        "`label` of each record. Bad examples are also made of the good ones (corruptions). Each\n"
        "model gets a card, NAME.card.json, with its sources and how well it does on the part of\n"
        "the text that was held out; what nothing was held out of is null there. Of safety it "
        "says\n"
        "for each of the fourteen classes whether a model knows it and people's labels measured "
        "it.\n"
        "  [[reference]]\n"
        "  path = [\"manuals.jsonl\"]\n"
        "  roles = [\"lm\", \"quality_good\", \"topic:knowledge\"]\n"
        "  language = \"en\"",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
