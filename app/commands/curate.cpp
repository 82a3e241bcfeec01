#include "aludel/curate/curate.h"

#include <algorithm>

#include "app/command.h"
#include "app/commands/curate/dry_run.h"
#include "app/commands/curate/texts.h"
#include "app/commands/curate/words.h"
#include "app/report/write_report.h"
#include <fmt/format.h>
#include <malloc.h>

#include "aludel/base/log.h"
#include "aludel/base/memory_size.h"
#include "aludel/curate/revisit/explain.h"
#include "aludel/curate/revisit/forget/forget.h"
#include "aludel/curate/run/forecast.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/curate/sources/unread.h"
#include "aludel/io/json_file.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct CurateOptions {
  std::string config;
  std::string preset;
  std::vector<std::string> in;
  std::string out;
  std::string models;
  std::int64_t threads = 0;
  std::string memory;
  std::vector<std::string> set;
  std::int64_t limit = 0;
  std::int64_t sample = 0;
  bool dry_run = false;
  bool overwrite = false;
  bool strict = false;
  bool annotate = false;
  std::string redecide;
  std::string recover;
  std::string forget;
  std::vector<std::string> tokens;
  std::string tokenizer;
  std::string explain;
  std::vector<std::string> plan;
  std::string plan_bytes;
  std::int64_t cores = 0;
  double price = 0;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("config", config,
      "TOML with sources and settings; for --recover, --forget and --explain a finished run");
    v("preset", preset, "without a config: a file in recipes/presets, by name");
    v("in", in,
      "without a config: files, folders, patterns or addresses, read as one source named web");
    v("out", out, "run folder; overrides `out` of the config");
    v("models", models, "folder with trained models; overrides `models` of the config");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("memory", memory,
      "what sorting may take in memory, 8GB; the rest goes to OUT/work; default half the machine");
    v("set", set, "changes to the config: layers.metrics.min_words=30 layers.topic=off");
    v("limit", limit, "read only the first so many documents of all sources", at_least(0));
    v("sample", sample, "take only so many documents, drawn by seed out of all sources",
      at_least(0));
    v("dry_run", dry_run,
      "say what would be read, by which layers and models, and what is missing; write nothing");
    v("overwrite", overwrite,
      "replace a finished run of other settings, sources or models in --out");
    v("strict", strict,
      "exit with 1 where anything was not read; with --forget, where a line matched nothing");
    v("annotate", annotate, "keep every document and only note what would have dropped it");
    v("redecide", redecide,
      "an annotated run: decide again by --set or a config, from its notes, into --out "
      "(RUN-redecided)");
    v("recover", recover,
      "keep what these rules match (LAYER[:REASON] [score<N]…, several with ;), tagged");
    v("forget", forget, "a file with an id or URL a line: remove them from all files of the run");
    v("tokens", tokens, "with --forget: folders of the token shards made of the run, or none");
    v("tokenizer", tokenizer, "with --tokens: the tokenizer that made them");
    v("explain", explain, "an id or URL: what each layer measured and decided");
    v("plan", plan,
      "two or more finished runs of this config over parts of the input: tell what the whole will "
      "cost, and run nothing");
    v("plan_bytes", plan_bytes,
      "with --plan: input as stored, 84TB or a number of bytes; empty: that of the sources");
    v("cores", cores, "with --plan: say the hours on so many cores, too", at_least(0));
    v("price", price, "with --plan: say the cost, too, at so much for an hour of one core",
      at_least(0));
    v("json", json, "print the result as one JSON object");
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

bool is_folder(io::FileSystem& files, const std::string& path) {
  return !path.empty() && !files.info(path) && files.list(path).has_value();
}

/// What the positional argument, --redecide and --in say is to be curated.
Result<curate::CurateConfig> config_of(io::FileSystem& files, const CurateOptions& options) {
  const std::string name = options.config.empty() ? "command line" : options.config;
  const bool recovers_run = !options.recover.empty() && is_folder(files, options.config);
  curate::CurateConfig config;
  if (!options.redecide.empty() || recovers_run) {
    if (!options.in.empty() || !options.preset.empty()) {
      return wrong("a run has its sources; leave --in and --preset out");
    }
    const std::string& from = recovers_run ? options.config : options.redecide;
    const auto run = ALUDEL_TRY(curate::StoredRun::open(files, from));
    const bool has_config = !recovers_run && !options.config.empty();
    const std::string toml = has_config ? ALUDEL_TRY(io::read_file(files, options.config)) : "";
    config = ALUDEL_TRY(curate::config_over_run(run, toml, name, options.set));
    if (config.out.empty())
      config.out = run.folder() + (recovers_run ? "-recovered" : "-redecided");
  } else {
    const std::string toml = ALUDEL_TRY(config_text(files, options));
    config = ALUDEL_TRY(curate::read_curate_config(toml, name, options.set));
  }
  if (!options.out.empty()) config.out = options.out;
  if (!options.models.empty()) config.models = options.models;
  if (!options.memory.empty()) config.memory = options.memory;
  ALUDEL_TRY(curate::memory_bytes_of(config));
  if (!options.recover.empty()) config.recover.push_back(options.recover);
  if (options.limit > 0 || options.sample > 0) {
    if (!config.from.empty())
      return wrong("a run is read again as a whole; leave --limit and --sample out");
    config.limit = options.limit;
    config.sample = options.sample;
  }
  if (config.limit > 0 && config.sample > 0) {
    return wrong("--limit and --sample: give only one of them");
  }
  config.annotate = config.annotate || options.annotate;
  if (config.annotate && !config.from.empty()) {
    return wrong("a run that is read again is decided; leave --annotate out");
  }
  return config;
}

/// The finished run that --forget and --explain are about.
Result<std::string> run_folder_of(io::FileSystem& files, const CurateOptions& options) {
  if (is_folder(files, options.config)) return options.config;
  if (!options.out.empty()) return options.out;
  if (options.config.empty()) return wrong("which run? Give its folder");
  if (!files.info(options.config)) return Error{Code::not_found, options.config + ": no such run"};
  const auto config = ALUDEL_TRY(curate::read_curate_config(
      ALUDEL_TRY(io::read_file(files, options.config)), options.config, options.set));
  if (config.out.empty()) return wrong("the config has no `out`: give the run's folder");
  return config.out;
}

std::string summary_json(const curate::CurateSummary& summary, const curate::Unread& unread,
                         const std::string& out) {
  Json json = Json::object();
  json["documents_in"] = summary.documents_in;
  json["documents_kept"] = summary.documents_kept;
  json["bytes_raw"] = summary.bytes_raw;
  json["bytes_kept"] = summary.bytes_kept;
  json["not_read"] = Json::object();
  for (const auto& [reason, count] : unread.reasons()) {
    json["not_read"][reason] = count;
  }
  json["out"] = out;
  return json.dump();
}

Result<int> run_explain(io::FileSystem& files, Threads& threads, const CurateOptions& options) {
  if (!options.set.empty()) {
    return wrong(
        "--explain shows the limits that the run had: leave --set out, or decide again by "
        "--redecide");
  }
  const std::string folder = ALUDEL_TRY(run_folder_of(files, options));
  const Json explanation =
      ALUDEL_TRY(curate::explain(files, threads, folder, options.explain, options.models));
  print(options.json ? explanation.dump() : explanation_text(explanation));
  return kExitDone;
}

Result<int> run_forget(io::FileSystem& files, Threads& threads, const CurateOptions& options) {
  const curate::ForgetOptions forget{ALUDEL_TRY(run_folder_of(files, options)), options.forget,
                                     options.tokens, options.tokenizer};
  const auto summary = ALUDEL_TRY(curate::forget(files, threads, forget));
  ALUDEL_TRY(write_report(files, forget.run, io::join_path(forget.run, "report.html")));
  if (summary.was_interrupted) log_info("forget: ended first what an earlier call had begun");
  if (!summary.made_from.empty()) {
    log_warning("{} was made from {}, which is left as it is", forget.run, summary.made_from);
  }
  if (options.json) {
    Json json = Json::object();
    json["requested"] = summary.requested;
    json["kept"] = summary.kept;
    json["rejects"] = summary.rejects;
    json["tokens"] = summary.tokens;
    json["files"] = summary.files;
    json["unmatched"] = Json(Json::Array(summary.unmatched.begin(), summary.unmatched.end()));
    print(json.dump());
  } else {
    print(
        fmt::format("{} ids and URLs: {} documents removed from kept, {} from rejects, {} tokens; "
                    "{} files changed, ledger.json has the proof: {}",
                    summary.requested, summary.kept, summary.rejects, summary.tokens, summary.files,
                    forget.run));
    for (const std::string& name : summary.unmatched) {
      print("matched nothing: " + name);
    }
  }
  if (options.strict && !summary.unmatched.empty()) {
    return Error{Code::not_found, fmt::format("[forget] --strict: {} ids and URLs matched nothing",
                                              summary.unmatched.size())};
  }
  return kExitDone;
}

Result<int> run_plan(io::FileSystem& files, const CurateOptions& options) {
  const curate::CurateConfig config = ALUDEL_TRY(config_of(files, options));
  ALUDEL_TRY(curate::check_calibration(files, config, options.plan));
  std::vector<curate::RunCost> runs;
  for (const std::string& run : options.plan) {
    runs.push_back(ALUDEL_TRY(curate::read_run_cost(files, run)));
  }
  auto bytes = options.plan_bytes.empty() ? curate::input_bytes_of(files, config)
                                          : parse_memory_size(options.plan_bytes);
  if (!bytes) return std::move(bytes).error().with_context("[curate] --plan-bytes");
  const auto memory = static_cast<double>(ALUDEL_TRY(curate::memory_bytes_of(config)));
  const curate::RunCost cost =
      ALUDEL_TRY(curate::forecast(runs, static_cast<double>(bytes.value()), memory));
  const double times = cost.input_bytes / curate::largest_input(runs);
  if (times > curate::kFarForecast) {
    log_warning(
        "the input is {:.0f} times the largest of the runs: so far ahead a line through them says "
        "little; measure a larger part",
        times);
  }
  const CostTerms terms{options.cores, options.price};
  print(options.json ? cost_json(cost, terms).dump() : cost_text(cost, terms));
  return kExitDone;
}

/// A page's buffers are larger than what glibc keeps of freed memory: it would ask the kernel for
/// each page's anew, which costs 2 % of a run.
void keep_freed_memory() {
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

/// What the report says of how a run was made.
Status note_command(io::FileSystem& files, const CommandLine& line, const std::string& out) {
  Json command = Json::object();
  command["version"] = ALUDEL_VERSION;
  command["words"] = Json::Array{line.command.name};
  for (const std::string& word : line.words) {
    command["words"].push_back(word);
  }
  return io::write_file(files, io::join_path(out, "report/command.json"),
                        command.dump_pretty() + "\n");
}

/// The last lines of a run, of which nothing that was not read is missing.
Result<int> end_run(io::FileSystem& files, const CurateOptions& options,
                    const curate::CurateSummary& summary, const std::string& out) {
  const Json ledger = ALUDEL_TRY(curate::read_ledger(files, out));
  const curate::Unread unread = curate::unread_of_ledger(ledger);
  const std::string lines = curate::unread_lines(ledger);
  if (options.json) {
    if (!lines.empty()) log_line(lines);
    print(summary_json(summary, unread, out));
  } else {
    print(fmt::format("{} of {} documents kept, {:.1f} MB of text from {:.1f} MB raw: {}",
                      summary.documents_kept, summary.documents_in,
                      static_cast<double>(summary.bytes_kept) / 1e6,
                      static_cast<double>(summary.bytes_raw) / 1e6, out));
    if (!lines.empty()) print(lines);
  }
  if (options.strict && !unread.empty()) {
    return Error{Code::corrupt_data,
                 fmt::format("[curate] --strict: {} records were not read", unread.records())};
  }
  return kExitDone;
}

Result<int> run_curate(io::FileSystem& files, const CommandLine& line, Threads& threads,
                       const CurateOptions& options, const curate::CurateConfig& config) {
  keep_freed_memory();
  const auto summary =
      ALUDEL_TRY(curate::curate(files, threads, config, line.existing(options.overwrite)));
  if (summary.was_done_before) {
    log_info("curate: {} was complete already", config.out);
  } else {
    ALUDEL_TRY(note_command(files, line, config.out));
  }
  ALUDEL_TRY(write_report(files, config.out, io::join_path(config.out, "report.html")));
  const std::string trade_off = io::join_path(config.out, "state/target/trade_off.json");
  if (!options.json && files.info(trade_off)) {
    print(trade_off_text(ALUDEL_TRY(io::read_json_object(files, trade_off))));
  }
  return end_run(files, options, summary, config.out);
}

Result<int> run(const CommandLine& line) {
  CurateOptions options;
  if (ALUDEL_TRY(line.read(options, {"config"})) == Parsed::help_shown) return kExitDone;
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  ALUDEL_TRY(check_said(line));
  if (!options.forget.empty()) ALUDEL_TRY(check_forget(line));
  if (!options.explain.empty()) return run_explain(files, threads, options);
  if (!options.forget.empty()) return run_forget(files, threads, options);
  if (!options.plan.empty()) return run_plan(files, options);
  if (!options.plan_bytes.empty() || options.cores > 0 || options.price > 0) {
    return wrong("--plan-bytes, --cores and --price belong to --plan");
  }
  if (!options.tokens.empty() || !options.tokenizer.empty()) {
    return wrong("--tokens and --tokenizer belong to --forget");
  }
  const curate::CurateConfig config = ALUDEL_TRY(config_of(files, options));
  if (options.dry_run) {
    const Json plan = ALUDEL_TRY(dry_run(files, threads, config));
    print(options.json ? plan.dump() : dry_run_text(plan));
    return kExitDone;
  }
  return run_curate(files, line, threads, options, config);
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
        "Nothing is lost for good (docs/cascade/keeping.md):\n"
        "  aludel curate run.toml --annotate --out runs/all        every layer notes, none drops\n"
        "  aludel curate --redecide runs/all --set layers.metrics.min_words=30 --out runs/b\n"
        "  aludel curate --recover 'metrics:too_few_words score<1.5' runs/web\n"
        "  aludel curate --redecide runs/all --set target_keep=0.01 --out runs/best\n"
        "  aludel curate --forget takedown.txt runs/web --tokens tokens --tokenizer tokenizer\n"
        "  aludel curate --explain https://example.org/page runs/web\n"
        "What a run will cost, told from runs over parts of its input (docs/scale.md):\n"
        "  aludel curate whole.toml --plan runs/part1 --plan runs/part2",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
