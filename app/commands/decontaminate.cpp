#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/contamination.h"
#include "aludel/text/corpus_reader.h"

namespace aludel::app {
namespace {

struct DecontaminateOptions {
  std::string action;
  std::vector<std::string> data;
  std::string index;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("action", action, "what to do", one_of({"build", "find"}));
    v("data", data, "build: JSONL files of evaluation sets, or indexes; find: documents");
    v("index", index, "the index: build writes it, find reads it");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Status build(io::FileSystem& files, const DecontaminateOptions& options) {
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.index));
  const auto index = ALUDEL_TRY(text::ContaminationIndex::build(files, options.data));
  if (index.size() == 0) {
    return Error{Code::invalid_argument,
                 fmt::format("[decontaminate] no text of {} words or more in any row",
                             text::ContaminationIndex::kShortestItem)};
  }
  const std::string bytes = index.to_bytes();
  ALUDEL_TRY(io::write_file(files, options.index, bytes));
  log_info("{} runs of words of {} evaluation sets: {} ({} bytes)", index.size(),
           index.sets().size(), io::file_name_of(options.index), bytes.size());
  return Ok{};
}

/// A row for each document that holds runs of the sets.
Status find(io::FileSystem& files, const DecontaminateOptions& options) {
  const auto index = ALUDEL_TRY(text::ContaminationIndex::build(files, {options.index}));
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.data));
  std::uint64_t documents = 0;
  std::uint64_t held = 0;
  for (text::CorpusDocument document; ALUDEL_TRY(reader.next(document)); ++documents) {
    if (stop_requested()) return Error{Code::cancelled, "[decontaminate] stopped; run it again"};
    const text::Contamination found = index.find(document.text);
    if (found.short_runs + found.long_runs == 0) continue;
    ++held;
    Json row = Json::object();
    row["id"] = document.id;
    row["evaluation"] = index.sets()[found.set];
    row["short_runs"] = static_cast<std::int64_t>(found.short_runs);
    row["long_runs"] = static_cast<std::int64_t>(found.long_runs);
    print(row.dump());
  }
  ALUDEL_TRY(reader.expect_documents("decontaminate find"));
  log_info("{} of {} documents hold text of the sets", held, documents);
  return Ok{};
}

Result<int> run(const CommandLine& line) {
  DecontaminateOptions options;
  if (ALUDEL_TRY(line.read(options, {"action", "data"})) == Parsed::help_shown) return kExitDone;
  if (options.data.empty() || options.index.empty()) {
    return Error{Code::invalid_argument, "[decontaminate] give data files and --index"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  ALUDEL_TRY(options.action == "build" ? build(files, options) : find(files, options));
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_decontaminate = {
    .name = "decontaminate",
    .summary =
        "Freezes evaluation sets as an index, and finds the documents that hold parts of them.",
    .details =
        "build takes every string of 8 words or more, however deep in a row, and keeps hashes of "
        "its\n"
        "runs of 13 and 30 words: the index can be given away without the items. Layer `semantic`\n"
        "reads it as it reads the sets, and drops what holds a run (docs/cascade/semantic.md).\n"
        "find prints a JSON object for each document that holds one.\n\n"
        "Example: aludel decontaminate build gsm8k.jsonl mmlu.jsonl --index sets.index\n"
        "         aludel decontaminate find curated/kept --index sets.index\n"
        "         aludel curate run.toml --set 'layers.semantic.evaluation=[\"sets.index\"]'",
    .run = run,
};

}  // namespace aludel::app
