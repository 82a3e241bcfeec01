#include "aludel/curate/curate.h"

#include "app/command.h"
#include "app/report/write_report.h"
#include <fmt/format.h>

#include "aludel/base/log.h"

namespace aludel::app {
namespace {

struct CurateOptions {
  std::string config;
  std::string preset;
  std::vector<std::string> in;
  std::string out;
  std::string models;
  std::int64_t threads = 0;
  std::vector<std::string> set;
  bool annotate = false;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("config", config, "TOML with sources and settings");
    v("preset", preset, "without a config: a file in recipes/presets, by name");
    v("in", in, "without a config: files or folders, read as one source named web");
    v("out", out, "run folder; overrides `out` of the config");
    v("models", models, "folder with trained models; overrides `models` of the config");
    v("threads", threads, "threads; 0 is one per core");
    v("set", set, "changes to the config: layers.metrics.min_words=30 layers.topic=off");
    v("annotate", annotate, "keep every document and only note what would have dropped it");
    v("json", json, "print the summary as one JSON object");
  }
};

Result<curate::CurateConfig> config_of(io::FileSystem& files, const CurateOptions& options) {
  if (!options.config.empty() && (!options.in.empty() || !options.preset.empty())) {
    return Error{Code::invalid_argument,
                 "[curate] a config names its sources and preset; leave --in and --preset out"};
  }
  std::string toml;
  if (!options.config.empty()) {
    toml = ALUDEL_TRY(io::read_file(files, options.config));
  } else {
    Json table = Json::object();
    table["preset"] = options.preset.empty() ? "web" : options.preset;
    Json source = Json::object();
    source["name"] = "web";
    source["path"] = Json(Json::Array(options.in.begin(), options.in.end()));
    if (!options.in.empty()) table["sources"] = Json::Array{source};
    toml = write_toml(table);
  }
  const std::string name = options.config.empty() ? "command line" : options.config;
  curate::CurateConfig config = ALUDEL_TRY(curate::read_curate_config(toml, name, options.set));
  if (!options.out.empty()) config.out = options.out;
  if (!options.models.empty()) config.models = options.models;
  config.annotate = config.annotate || options.annotate;
  return config;
}

std::string summary_json(const curate::CurateSummary& summary) {
  Json json = Json::object();
  json["documents_in"] = summary.documents_in;
  json["documents_kept"] = summary.documents_kept;
  json["bytes_raw"] = summary.bytes_raw;
  json["bytes_kept"] = summary.bytes_kept;
  return json.dump();
}

Result<int> run(const CommandLine& line) {
  CurateOptions options;
  if (ALUDEL_TRY(line.read(options, {"config"})) == Parsed::help_shown) return kExitDone;
  io::LocalFileSystem files;
  const curate::CurateConfig config = ALUDEL_TRY(config_of(files, options));
  Threads threads(static_cast<int>(options.threads));
  const auto summary = ALUDEL_TRY(curate::curate(files, threads, config));
  if (summary.was_done_before) log_info("curate: {} was complete already", config.out);
  ALUDEL_TRY(write_report(files, config.out, io::join_path(config.out, "report.html")));
  if (options.json) {
    print(summary_json(summary));
  } else {
    print(fmt::format("{} of {} documents kept, {:.1f} MB of text from {:.1f} MB raw: {}",
                      summary.documents_kept, summary.documents_in,
                      static_cast<double>(summary.bytes_kept) / 1e6,
                      static_cast<double>(summary.bytes_raw) / 1e6, config.out));
  }
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_curate = {
    .name = "curate",
    .summary = "Sends sources through the cascade: kept shards, rejects with reasons, a ledger.",
    .details =
        "Reads WARC, JSONL (.gz, .zst), HTML and text files. Writes kept/, rejects/, ledger.json,\n"
        "report.html, config.resolved.toml, manifest.jsonl, report/ (the report's data) and "
        "state/\n"
        "(what fitted layers learnt) into the run folder; a run that was stopped or killed goes "
        "on\n"
        "where it was when the same command is given again.\n"
        "Example: aludel curate --preset web --in crawl --models models --out runs/web\n"
        "A config has [[sources]] (name, kind, path, licence, owner, profile, format),\n"
        "[layers.NAME] settings or NAME = \"off\" under [layers], and [profiles.book.NAME].",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
