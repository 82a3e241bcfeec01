#include "app/command.h"
#include "app/commands/curate/make_run.h"
#include "app/commands/curate/words.h"
#include <fmt/format.h>

#include "aludel/curate/cascade/config.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct CurateOptions {
  std::string config;
  std::string preset;
  std::vector<std::string> in;
  std::vector<std::string> set;
  std::int64_t limit = 0;
  std::int64_t sample = 0;
  bool annotate = false;
  RunOptions run;

  template <class V>
  void visit(V& v) {
    v("config", config, "TOML with sources and settings");
    v("preset", preset, "without a config: a file in recipes/presets, by name",
      or_empty(one_of(curate::all_presets())));
    v("in", in,
      "without a config: files, folders, patterns or addresses, read as one source named web");
    v("set", set, "changes to the config: layers.metrics.min_words=30 layers.topic=off");
    v("limit", limit, "read only the first so many documents of all sources", at_least(0));
    v("sample", sample, "take only so many documents, drawn by seed out of all sources",
      at_least(0));
    v("annotate", annotate, "keep every document and only note what would have dropped it");
    run.visit(v);
  }
};

Error wrong(std::string_view what) {
  return {Code::invalid_argument, fmt::format("[curate] {}", what)};
}

Result<std::string> config_text(io::FileSystem& files, const CurateOptions& options) {
  if (!options.config.empty() && (!options.in.empty() || !options.preset.empty())) {
    return wrong("a config names its sources and preset; leave --in and --preset out");
  }
  if (!options.config.empty()) return io::read_file(files, options.config);
  Json table = Json::object();
  table["preset"] = options.preset.empty() ? "web" : options.preset;
  Json source = Json::object();
  source["name"] = "web";
  source["path"] = Json(Json::Array(options.in.begin(), options.in.end()));
  if (!options.in.empty()) table["sources"] = Json::Array{source};
  return write_toml(table);
}

/// What is to be curated, and how much of it.
Result<curate::CurateConfig> config_of(io::FileSystem& files, const CurateOptions& options) {
  const std::string toml = ALUDEL_TRY(config_text(files, options));
  curate::CurateConfig config = ALUDEL_TRY(curate::read_curate_config(
      toml, options.config.empty() ? "command line" : options.config, options.set));
  if (options.limit > 0 || options.sample > 0) {
    config.limit = options.limit;
    config.sample = options.sample;
  }
  config.annotate = config.annotate || options.annotate;
  return config;
}

Result<int> run(const CommandLine& line) {
  ALUDEL_TRY(check_moved(line));
  CurateOptions options;
  if (ALUDEL_TRY(line.read(options, {"config"})) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(check_said(line));
  io::SchemeFileSystem files;
  return make_run(files, line, options.run, ALUDEL_TRY(config_of(files, options)));
}

}  // namespace

extern constinit const CommandSpec command_curate = {
    .name = "curate",
    .summary = "Sends sources through the cascade: kept shards, rejects with reasons, a ledger.",
    .details =
        "Reads WARC and WET, JSONL (.gz, .zst), Parquet, HTML, text, EPUB and PDF: files, "
        "folders,\n"
        "patterns, http(s):// and s3:// (docs/places.md). Writes kept/, rejects/, ledger.json,\n"
        "report.html, config.resolved.toml, manifest.jsonl, report/ (the report's data) and "
        "state/\n"
        "(what fitted layers learnt) into the run folder; a run that was stopped or killed goes "
        "on\n"
        "where it was when the same command is given again. The last lines say what was not read.\n"
        "Example: aludel curate --preset web --in crawl --models models --out runs/web\n"
        "         aludel curate --preset rules --in 's3://crawl/2024/**.warc.gz' --out "
        "s3://corpus/a\n"
        "         aludel curate run.toml --sample 1000 --annotate --out runs/look   a first look\n"
        "         aludel curate run.toml --dry-run                  what it would read and need\n"
        "         aludel curate run.toml --set output_format=parquet --set shard_megabytes=512\n"
        "A config has [[sources]] (name, kind, path, licence, owner, profile, format),\n"
        "[layers.NAME] settings or NAME = \"off\" under [layers], and [profiles.book.NAME].\n"
        "Nothing is lost for good (docs/cascade/keeping.md): `aludel corpus` explains, decides "
        "again,\n"
        "takes back, forgets, and tells what a run will cost. For a run to decide again from:\n"
        "         aludel curate run.toml --annotate --out runs/all  every layer notes, none drops",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
