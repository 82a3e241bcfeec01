#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/threads.h"
#include "aludel/curate/revisit/audit/sample.h"
#include "aludel/curate/revisit/audit/score.h"
#include "aludel/io/place.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

namespace audit = curate::audit;

struct SampleOptions {
  std::string run;
  std::string out;
  std::int64_t per_layer = 20;
  std::int64_t kept = 100;
  std::vector<std::string> languages;
  std::int64_t seed = 1;
  bool all_layers = false;
  std::string models;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("run", run, "folder of a finished curation");
    v("out", out, "folder for the page and the answers");
    v("per_layer", per_layer, "documents drawn of what each layer dropped", at_least(0));
    v("kept", kept, "documents drawn of what was kept", at_least(0));
    v("languages", languages, "only documents in these: en,zh; empty: all");
    v("seed", seed, "draws another sample");
    v("all_layers", all_layers,
      "also layers whose drops a text does not explain alone: copies, addresses, languages");
    v("models", models, "folder of models, where the run's has moved");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

struct ScoreOptions {
  std::string folder;
  std::vector<std::string> verdicts;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("folder", folder, "what `aludel audit sample` wrote");
    v("verdicts", verdicts, "verdicts.jsonl of a reader, and of a second one to compare");
    v("json", json, "print one JSON object instead of a table");
  }
};

/// "en,zh" and "en zh" are the same list.
std::vector<std::string> split_at_commas(const std::vector<std::string>& words) {
  std::vector<std::string> parts;
  for (const std::string& word : words) {
    for (std::size_t begin = 0; begin <= word.size();) {
      const std::size_t end = std::min(word.find(',', begin), word.size());
      if (end > begin) parts.push_back(word.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

Result<int> sample(const CommandLine& line) {
  SampleOptions options;
  if (ALUDEL_TRY(line.read(options, {"run"})) == Parsed::help_shown) return kExitDone;
  if (options.run.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[audit] give the folder of a curation, and --out FOLDER"};
  }
  if (const std::string run_folder = io::place_of(options.run) + "/";
      (io::place_of(options.out) + "/").starts_with(run_folder)) {
    return Error{Code::invalid_argument,
                 fmt::format("[audit] --out {} lies in the run's own folder, whose files it would "
                             "stand among: give one outside",
                             options.out)};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  Threads threads(static_cast<int>(options.threads));
  const auto run = ALUDEL_TRY(curate::StoredRun::open(files, options.run));
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "sample.json")));
  const auto rules = audit::RuleNotes::open(files, threads, run, options.models);
  const audit::SampleSettings settings{
      options.per_layer, options.kept, split_at_commas(options.languages), options.seed,
      options.all_layers ? audit::Layers::all : audit::Layers::readable};
  const auto drawn = ALUDEL_TRY(audit::draw_sample(files, threads, run, rules, settings));
  ALUDEL_TRY(audit::write_sample(files, options.out, drawn));
  for (const auto& [why, count] : drawn.sheet.left_out) {
    log_info("{} documents are not to be drawn: {}", count, why);
  }
  log_info(
      "{} documents drawn. Give readers audit.html alone: answers.jsonl tells what was decided",
      drawn.texts.size());
  print(io::join_path(options.out, "audit.html"));
  return kExitDone;
}

Result<int> score(const CommandLine& line) {
  ScoreOptions options;
  if (ALUDEL_TRY(line.read(options, {"folder"})) == Parsed::help_shown) return kExitDone;
  if (options.folder.empty() || options.verdicts.empty() || options.verdicts.size() > 2) {
    return Error{Code::invalid_argument,
                 "[audit] give the folder of a sample, and --verdicts FILE.jsonl, or two of them"};
  }
  io::SchemeFileSystem files;
  const auto sheet = ALUDEL_TRY(audit::read_sheet(files, options.folder));
  std::set<std::string> keys;
  for (const audit::Answer& answer : sheet.answers) {
    keys.insert(answer.key);
  }
  std::vector<audit::Verdicts> readers;
  for (const std::string& path : options.verdicts) {
    readers.push_back(ALUDEL_TRY(audit::read_verdicts(files, path, keys)));
    if (readers.back().by_key.empty()) {
      return Error{Code::not_found,
                   fmt::format("{}: [audit] no verdict on a document of {}: is it of another "
                               "sample?",
                               path, options.folder)};
    }
  }
  const audit::Score result =
      audit::score(sheet, readers[0], readers.size() > 1 ? &readers[1] : nullptr);
  std::string text = options.json ? audit::to_json(result).dump() : audit::to_text(result);
  if (text.ends_with('\n')) text.pop_back();
  print(text);
  return kExitDone;
}

constexpr Action kActions[] = {{"sample", sample}, {"score", score}};

Result<int> run(const CommandLine& line) {
  return run_action(line, kActions);
}

}  // namespace

extern constinit const CommandSpec command_audit = {
    .name = "audit",
    .summary = "Draws a blind sample of what was kept and dropped, and scores a reader's verdicts.",
    .details =
        "aludel audit sample RUN --out FOLDER [--per-layer 20] [--kept 100] [--languages en,zh]\n"
        "    writes FOLDER/audit.html, a page that shows one text at a time and neither layer nor\n"
        "    reason (keys: k keep, d drop, u unsure, arrows), and saves verdicts.jsonl;\n"
        "    FOLDER/documents.jsonl, the same texts for those who judge elsewhere; and\n"
        "    FOLDER/answers.jsonl, which readers must not see\n"
        "aludel audit score FOLDER --verdicts FILE.jsonl [SECOND.jsonl]\n"
        "    says for each layer and reason how many drops the reader would have kept, how many\n"
        "    of the kept the reader would have dropped, how two readers agree, and which limits\n"
        "    would have agreed better\n"
        "Each takes --help; docs/audit.md says what the numbers mean.\n"
        "Example: aludel audit sample runs/curated --out audit\n"
        "         (open audit/audit.html, judge, download)\n"
        "         aludel audit score audit --verdicts ~/Downloads/verdicts.jsonl",
    .run = run,
};

}  // namespace aludel::app
