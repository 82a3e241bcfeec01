#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/planted/planted.h"
#include "aludel/planted/score.h"

namespace aludel::app {
namespace {

struct PlantOptions {
  std::vector<std::string> clean;
  std::vector<std::string> eval;
  std::string out;
  std::string truth;
  bool labelled = false;
  planted::PlantSettings settings;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("clean", clean, "JSONL files or folders of clean pages, which the defects are made of");
    v("eval", eval, "JSONL files of evaluation sets, with a text in `question` or `text`");
    v("out", out, "JSONL file for the documents (.zst, .gz or plain)");
    v("truth", truth, "JSONL file for what each of them is");
    v("labelled", labelled,
      "give each document its `label`: the class of unsafe text, `safe` for a clean page, else the "
      "kind; to teach a model by, never to be curated");
    v("overwrite", overwrite, kOverwriteHelp);
    settings.visit(v);
  }
};

struct ScoreOptions {
  std::string truth;
  std::string kept;
  std::string rejects;
  std::string documents;
  bool json = false;

  template <class V>
  void visit(V& v) {
    v("truth", truth, "the truth file");
    v("kept", kept, "folder or file of what a curation kept");
    v("rejects", rejects, "folder or file of what it dropped");
    v("documents", documents,
      "the planted documents: then lists what was replaced in clean pages, with the values");
    v("json", json, "print one JSON object");
  }
};

Status require(bool is_given, std::string_view flags) {
  if (is_given) return Ok{};
  return Error{Code::invalid_argument, fmt::format("[plant] needs {}", flags)};
}

/// Calls `take` for each document of the files.
template <class Take>
Status read_documents(io::FileSystem& files, const std::string& path, const Take& take) {
  for (const io::FileInfo& file : ALUDEL_TRY(files.list(path))) {
    const auto reader = ALUDEL_TRY(io::open_rows(files, file.path, curate::document_columns()));
    Json row;
    while (ALUDEL_TRY(reader->next(row))) {
      take(ALUDEL_TRY(curate::document_from_json(row)));
    }
  }
  return Ok{};
}

Result<std::vector<std::string>> read_evaluation(io::FileSystem& files,
                                                 const std::vector<std::string>& paths) {
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
    Json row;
    while (ALUDEL_TRY(reader.next(row))) {
      const std::string text = row.string_or("question", row.string_or("text", ""));
      if (text.empty()) {
        return Error{Code::corrupt_data, fmt::format("{}, line {}: no `question` and no `text`",
                                                     path, reader.line_number())};
      }
      texts.push_back(text);
    }
  }
  return texts;
}

std::string label_of(const planted::PlantedTruth& truth) {
  if (truth.kind == "clean") return "safe";
  return truth.parameters.string_or("class", truth.kind);
}

Result<int> run_plant(const CommandLine& line) {
  PlantOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(require(!options.clean.empty() && !options.out.empty() && !options.truth.empty(),
                     "--clean, --out and --truth"));
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.out));
  const auto truth_claim = ALUDEL_TRY(io::OutputClaim::take(files, options.truth));
  std::vector<curate::Document> clean;
  for (const std::string& path : options.clean) {
    ALUDEL_TRY(read_documents(
        files, path, [&](curate::Document document) { clean.push_back(std::move(document)); }));
  }
  const auto evaluation = ALUDEL_TRY(read_evaluation(files, options.eval));
  const std::size_t pages = clean.size();
  const planted::PlantedSet set =
      ALUDEL_TRY(planted::plant(std::move(clean), evaluation, options.settings));
  auto documents = ALUDEL_TRY(io::JsonlWriter::create(files, options.out));
  auto truth = ALUDEL_TRY(io::JsonlWriter::create(files, options.truth));
  for (std::size_t i = 0; i < set.documents.size(); ++i) {
    Json row = curate::to_json(set.documents[i]);
    if (options.labelled) row["label"] = label_of(set.truth[i]);
    ALUDEL_TRY(documents.write(row));
    ALUDEL_TRY(truth.write(planted::to_json(set.truth[i])));
  }
  ALUDEL_TRY(documents.commit());
  ALUDEL_TRY(truth.commit());
  log_info("plant: {} documents out of {} clean pages", set.documents.size(), pages);
  return kExitDone;
}

Result<int> run_score(const CommandLine& line) {
  ScoreOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  ALUDEL_TRY(require(!options.truth.empty() && !options.kept.empty() && !options.rejects.empty(),
                     "--truth, --kept and --rejects"));
  io::SchemeFileSystem files;
  std::vector<planted::PlantedTruth> truth;
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, options.truth));
  Json row;
  while (ALUDEL_TRY(reader.next(row))) {
    truth.push_back(ALUDEL_TRY(planted::planted_truth_from_json(row)));
  }
  planted::PlantedScorer scorer(std::move(truth));
  if (!options.documents.empty()) {
    ALUDEL_TRY(read_documents(files, options.documents, [&](const curate::Document& document) {
      scorer.add_original(document);
    }));
  }
  ALUDEL_TRY(read_documents(files, options.rejects, [&](const curate::Document& document) {
    scorer.add_reject(document);
  }));
  ALUDEL_TRY(read_documents(files, options.kept,
                            [&](const curate::Document& document) { scorer.add_kept(document); }));
  const planted::PlantedScore score = ALUDEL_TRY(scorer.finish());
  print(options.json ? planted::to_json(score).dump() : planted::to_text(score));
  return kExitDone;
}

Result<int> run(const CommandLine& line) {
  if (line.words.empty() || line.words[0] != "score") return run_plant(line);
  CommandLine rest = line;
  rest.words.erase(rest.words.begin());
  return run_score(rest);
}

}  // namespace

extern constinit const CommandSpec command_plant = {
    .name = "plant",
    .summary = "Makes documents with known defects, and scores a curation by them.",
    .details =
        "aludel plant --clean PAGES.jsonl... --out FILE.jsonl --truth FILE.jsonl --seed 7\n"
        "    near and exact duplicates, personal data, broken encodings, advertisements, unsafe\n"
        "    and incoherent text, evaluation items and more: `aludel list planted`. The clean\n"
        "    pages should not be in the corpus in another way.\n"
        "aludel plant score --truth FILE.jsonl --kept RUN/kept --rejects RUN/rejects [--json]\n"
        "    [--documents FILE.jsonl]\n"
        "    per kind: the share that the layer meant for it caught; clean pages lost by layer;\n"
        "    precision and recall of personal data; with --documents, what was replaced in\n"
        "    clean pages, to be judged.\n"
        "docs/formats/planted.md describes the truth file.",
    .run = run,
};

}  // namespace aludel::app
