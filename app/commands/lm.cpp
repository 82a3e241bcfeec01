#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/threads.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/ngram_lm/arpa.h"
#include "aludel/text/ngram_lm/text_lm.h"
#include "aludel/text/ngram_lm/token_baseline.h"

namespace aludel::app {
namespace {

constexpr std::uint64_t kMaxArpaBytes = std::uint64_t{1} << 34;

struct LmTrainOptions {
  std::vector<std::string> in;
  std::string out;
  std::int64_t order = 5;
  std::int64_t threads = 0;

  template <class V>
  void visit(V& v) {
    v("in", in, "folders or files of JSONL or plain text (.gz, .zst or plain)");
    v("out", out, "model file to write");
    v("order", order, "longest n-gram, 1 to 6");
    v("threads", threads, "0: one per core");
  }
};

Result<int> train(const CommandLine& line) {
  LmTrainOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.in.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[lm train] give --in and --out"};
  }
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.in));
  text::TextLmTrainer trainer;
  {
    Progress progress("read", 0, "bytes");
    for (text::CorpusDocument document; ALUDEL_TRY(reader.next(document));) {
      if (stop_requested()) return Error{Code::cancelled, "[lm train] stopped"};
      trainer.add_text(document.text);
      progress.advance(document.text.size());
    }
  }
  if (reader.bad_lines() > 0) {
    log_warning("{} lines were no documents with a text", reader.bad_lines());
  }
  const auto model = ALUDEL_TRY(trainer.train(static_cast<int>(options.order), threads));
  ALUDEL_TRY(io::write_file(files, options.out, model.bytes()));
  Json report = Json::object();
  report["units"] = trainer.units();
  report["bytes"] = std::uint64_t{model.bytes().size()};
  report["ngrams"] = Json::array();
  for (int n = 1; n <= model.order(); ++n) {
    report["ngrams"].push_back(model.ngram_count(n));
  }
  print(report.dump());
  return kExitDone;
}

/// A model file of ours, or an ARPA file.
Result<text::NgramModel> load_model(io::FileSystem& files, const std::string& path) {
  if (!path.ends_with(".arpa")) return text::NgramModel::load(files, path);
  const std::string arpa = ALUDEL_TRY(io::read_file(files, path, kMaxArpaBytes));
  auto tables = text::parse_arpa(arpa);
  if (!tables) return std::move(tables).error().with_context(path);
  return text::NgramModel::from_bytes(io::MappedFile(text::write_ngram_tables(tables.value())));
}

struct LmScoreOptions {
  std::string model;
  std::vector<std::string> in;

  template <class V>
  void visit(V& v) {
    v("model", model, "file that lm train wrote, or an .arpa file");
    v("in", in, "folders or files of JSONL or plain text (.gz, .zst or plain)");
  }
};

Result<int> score(const CommandLine& line) {
  LmScoreOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.model.empty() || options.in.empty()) {
    return Error{Code::invalid_argument, "[lm score] give --model and --in"};
  }
  io::SchemeFileSystem files;
  const auto model = ALUDEL_TRY(load_model(files, options.model));
  if (model.units() == text::NgramUnits::ids) {
    return Error{Code::invalid_argument, "[lm score] this model counts ids, not text"};
  }
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.in));
  for (text::CorpusDocument document; ALUDEL_TRY(reader.next(document));) {
    if (stop_requested()) return Error{Code::cancelled, "[lm score] stopped"};
    const text::NgramScore scored = text::score_text(model, document.text);
    Json row = Json::object();
    row["id"] = document.id;
    row["perplexity"] = scored.perplexity();
    row["log10"] = scored.log10;
    row["units"] = scored.units;
    row["unknown"] = scored.unknown;
    print(row.dump());
  }
  return kExitDone;
}

struct LmBaselineOptions {
  std::string train;
  std::string valid;
  std::int64_t bytes = 0;
  std::int64_t max_tokens = 0;
  std::int64_t threads = 0;

  template <class V>
  void visit(V& v) {
    v("train", train, "token shard to learn from: PREFIX of .bin and .idx");
    v("valid", valid, "token shard to score");
    v("bytes", bytes, "bytes of the held-out text; 0: from tokens.json beside the shard");
    v("max_tokens", max_tokens, "learn from the first documents with so many tokens; 0: all");
    v("threads", threads, "0: one per core");
  }
};

Result<std::uint64_t> valid_bytes(const LmBaselineOptions& options, io::FileSystem& files) {
  if (options.bytes > 0) return static_cast<std::uint64_t>(options.bytes);
  const std::string path = io::join_path(io::folder_of(options.valid), "tokens.json");
  const Json report = ALUDEL_TRY(parse_json(ALUDEL_TRY(io::read_file(files, path))));
  const Json* splits = report.find("splits");
  const Json* valid = splits == nullptr ? nullptr : splits->find("valid");
  const std::int64_t bytes = valid == nullptr ? 0 : valid->integer_or("bytes", 0);
  if (bytes <= 0) return Error{Code::corrupt_data, path + ": no splits.valid.bytes; give --bytes"};
  return static_cast<std::uint64_t>(bytes);
}

Result<int> baseline(const CommandLine& line) {
  LmBaselineOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.train.empty() || options.valid.empty()) {
    return Error{Code::invalid_argument, "[lm baseline] give --train and --valid"};
  }
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  const std::uint64_t bytes = ALUDEL_TRY(valid_bytes(options, files));
  const auto train_shard = ALUDEL_TRY(io::TokenShard::open(files, options.train));
  const auto valid_shard = ALUDEL_TRY(io::TokenShard::open(files, options.valid));
  Json report = Json::object();
  report["valid_bytes"] = bytes;
  const std::pair<const char*, int> orders[] = {{"unigram", 1}, {"bigram", 2}};
  for (const auto& [name, order] : orders) {
    const auto measured = ALUDEL_TRY(text::measure_token_baseline(
        train_shard, valid_shard, order, static_cast<std::uint64_t>(options.max_tokens), threads));
    report["train_tokens"] = measured.train_tokens;
    report["valid_tokens"] = measured.valid_tokens;
    report[name]["bits_per_byte"] = measured.bits_per_byte(bytes);
    report[name]["bits_per_token"] = measured.bits_per_token();
  }
  print(report.dump());
  return kExitDone;
}

Result<int> run(const CommandLine& line) {
  constexpr Action kActions[] = {{"train", train}, {"score", score}, {"baseline", baseline}};
  return run_action(line, kActions);
}

}  // namespace

extern constinit const CommandSpec command_lm = {
    .name = "lm",
    .summary = "Trains and asks n-gram language models (interpolated modified Kneser-Ney).",
    .details =
        "aludel lm train --in PATH... --out FILE [--order N]\n"
        "    over words of spaced scripts, code points of others, and symbols\n"
        "aludel lm score --model FILE --in PATH...\n"
        "    {\"id\",\"perplexity\",\"log10\",\"units\",\"unknown\"} for each document\n"
        "aludel lm baseline --train PREFIX --valid PREFIX [--bytes N]\n"
        "    bits per byte of unigram and bigram models over token shards: what a trained model\n"
        "    has to beat\n"
        "Each takes --help. Example: aludel lm train --in runs/reference --out runs/models/en.lm",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
