#include <map>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/threads.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/revisit/tokenized.h"
#include "aludel/curate/sources/ledger.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"
#include "aludel/text/tokenizer/tokenize_corpus.h"

namespace aludel::app {
namespace {

struct TokenizeOptions {
  std::string model;
  std::vector<std::string> in;
  std::string out;
  std::string ledger;
  double holdout = 0.02;
  double max_seen = 0.5;
  std::int64_t seed = 1;
  bool keep_order = false;
  std::string scratch;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("model", model, "tokenizer.model, tokenizer.json or a folder with one");
    v("in", in, "folders, files or patterns of JSONL, Parquet or plain text (.gz, .zst or plain)");
    v("out", out, "folder for train.{bin,idx}, valid.{bin,idx} and tokens.json");
    v("ledger", ledger, "folder of the curation, whose ledger.json gets the tokens by source");
    v("holdout", holdout, "share of near-duplicate clusters that goes to valid", kShareBelowOne);
    v("max_seen", max_seen,
      "a document of valid of whose runs of 13 words more than this share stands in those of train "
      "goes to train; 1: none, and the corpus is read once",
      kShare);
    v("seed", seed, "of the split and of the order");
    v("keep_order", keep_order, "leave the documents in the order they are read in");
    v("scratch", scratch, "folder for the files of the shuffle; OUT by default");
    v("threads", threads, "0: one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

std::map<std::string, std::uint64_t> tokens_by_source(const text::TokenizeReport& report) {
  std::map<std::string, std::uint64_t> tokens;
  for (const auto& [name, totals] : report.sources) {
    tokens[name] = totals.tokens;
  }
  return tokens;
}

/// Refuses a folder without a ledger before any work.
Status check_has_ledger(io::FileSystem& files, const std::string& run) {
  if (run.empty() || files.info(io::join_path(run, curate::kLedgerFile))) return Ok{};
  return Error{Code::not_found,
               fmt::format("{}: [tokenize] no {} here; --ledger is the folder of the curation", run,
                           curate::kLedgerFile)};
}

Result<int> run(const CommandLine& line) {
  TokenizeOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.model.empty() || options.in.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[tokenize] give --model, --in and --out"};
  }
  io::SchemeFileSystem disk;
  ALUDEL_TRY(check_has_ledger(disk, options.ledger));
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  Threads threads(static_cast<int>(options.threads));
  const text::Tokenizer tokenizer = ALUDEL_TRY(text::Tokenizer::load(files, options.model));
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.in));
  const text::TokenizeConfig config{
      options.holdout, options.max_seen,
      options.seed,    options.keep_order ? text::TokenOrder::read : text::TokenOrder::shuffled,
      options.scratch, text::tokenizer_name(options.model)};
  if (options.out.starts_with("s3://") && options.scratch.empty()) {
    return Error{
        Code::invalid_argument,
        "[tokenize] give --scratch, a folder of this machine, for the shuffle and for what "
        "is held out"};
  }
  const auto claim =
      ALUDEL_TRY(io::OutputClaim::take(files, io::join_path(options.out, "tokens.json")));
  if (files.existing() == io::Existing::keep) {
    ALUDEL_TRY(text::check_finished_tokens(files, tokenizer, options.out, config));
  }
  const text::TokenizeReport report =
      ALUDEL_TRY(text::tokenize_corpus(files, tokenizer, reader, options.out, config, threads));
  if (!options.ledger.empty()) {
    ALUDEL_TRY(curate::check_tokenized(disk, options.ledger, report.sources));
    ALUDEL_TRY(curate::add_tokens(disk, options.ledger, tokens_by_source(report)));
  }
  print(report.to_json().dump());
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_tokenize = {
    .name = "tokenize",
    .summary = "Turns documents into token shards with document boundaries.",
    .details =
        "Every document becomes its ids and the end id, in a random order by --seed. "
        "Near-duplicates\n"
        "(one minhash_dedup cluster) stay in one split, and what stands inside a document of train "
        "is not\nheld out. Prints what tokens.json holds: documents, "
        "tokens and bytes.\n"
        "Example: aludel tokenize --model runs/tokenizer --in runs/curated/kept --out runs/tokens",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
