#include <algorithm>
#include <optional>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/base/log.h"
#include "aludel/base/memory_size.h"
#include "aludel/base/progress.h"
#include "aludel/base/stop.h"
#include "aludel/base/threads.h"
#include "aludel/io/json_file.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/corpus_reader.h"
#include "aludel/text/ngram_lm/arpa_reader.h"
#include "aludel/text/ngram_lm/string_writer.h"
#include "aludel/text/ngram_lm/text_lm.h"
#include "aludel/text/ngram_lm/token_baseline.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"

namespace aludel::app {
namespace {

struct Precision {
  std::string_view name;
  text::NgramPrecision precision;
};

constexpr Precision kPrecisions[] = {{"packed", text::NgramPrecision::packed},
                                     {"exact", text::NgramPrecision::exact}};

constexpr std::string_view kPrecisionHelp =
    "of the model: 8 bytes an n-gram, rounded, when packed, 16 when exact";

text::NgramPrecision precision_of(std::string_view name) {
  return std::ranges::find(kPrecisions, name, &Precision::name)->precision;
}

Result<std::uint64_t> memory_of(const std::string& size) {
  auto bytes = parse_memory_size(size);
  if (!bytes) return std::move(bytes).error().with_context("[lm] --memory");
  return bytes;
}

void add_sizes(const text::NgramModel& model, Json& report) {
  report["bytes"] = std::uint64_t{model.bytes().size()};
  report["ngrams"] = Json::array();
  for (int n = 1; n <= model.order(); ++n) {
    report["ngrams"].push_back(model.ngram_count(n));
  }
  report["largest_rounding"] = model.largest_rounding();
}

struct LmTrainOptions {
  std::vector<std::string> in;
  std::string out;
  std::int64_t order = 5;
  std::string precision = "packed";
  std::string memory = "2GB";
  std::string arpa;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("in", in, "folders or files of JSONL or plain text (.gz, .zst or plain)");
    v("out", out, "model file to write");
    v("order", order, "longest n-gram", between(1, 6));
    v("precision", precision, kPrecisionHelp, one_of(kPrecisions));
    v("memory", memory, "what training may take; what is more goes to files at OUT.work");
    v("arpa", arpa, "file to write the model to in ARPA form, too");
    v("threads", threads, "0: one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

/// Gives a trainer all texts.
Status read_texts(io::FileSystem& files, const std::vector<std::string>& in,
                  text::TextLmTrainer& trainer) {
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, in));
  Progress progress("read", 0, "bytes");
  for (text::CorpusDocument document; ALUDEL_TRY(reader.next(document));) {
    if (stop_requested()) return Error{Code::cancelled, "[lm train] stopped"};
    ALUDEL_TRY(trainer.add_text(document.text));
    progress.advance(document.text.size());
  }
  reader.warn_of_bad_lines("lm train");
  return Ok{};
}

Result<int> train(const CommandLine& line) {
  LmTrainOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.in.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[lm train] give --in and --out"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.out));
  std::optional<io::OutputClaim> arpa_claim;
  if (!options.arpa.empty()) {
    arpa_claim = ALUDEL_TRY(io::OutputClaim::take(files, options.arpa));
  }
  Threads threads(static_cast<int>(options.threads));
  text::TextLmSettings settings;
  settings.order = static_cast<int>(options.order);
  settings.precision = precision_of(options.precision);
  settings.memory_bytes = ALUDEL_TRY(memory_of(options.memory));
  settings.work_folder = options.out + ".work";
  settings.arpa = options.arpa;
  auto trainer = ALUDEL_TRY(text::TextLmTrainer::create(files, threads, settings));
  ALUDEL_TRY(read_texts(files, options.in, trainer));
  ALUDEL_TRY(trainer.train(options.out));
  if (trainer.late_units() > 0) {
    log_warning("the vocabulary took a quarter of --memory: {} words that came later are unknown",
                trainer.late_units());
  }
  const auto model = ALUDEL_TRY(text::NgramModel::load(files, options.out));
  Json report = Json::object();
  report["units"] = trainer.units();
  report["late_units"] = trainer.late_units();
  add_sizes(model, report);
  print(report.dump());
  return kExitDone;
}

struct LmArpaOptions {
  std::string in;
  std::string out;
  std::string precision = "packed";
  std::string memory = "8GB";
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("in", in, "ARPA file, as SRILM and KenLM write it");
    v("out", out, "model file to write");
    v("precision", precision, kPrecisionHelp, one_of(kPrecisions));
    v("memory", memory, "what its n-grams may take (36 bytes each)");
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Result<int> arpa(const CommandLine& line) {
  LmArpaOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  if (options.in.empty() || options.out.empty()) {
    return Error{Code::invalid_argument, "[lm arpa] give --in and --out"};
  }
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.out));
  Threads threads(0);
  const io::MappedFile text = ALUDEL_TRY(files.map(options.in));
  const std::uint64_t memory = ALUDEL_TRY(memory_of(options.memory));
  const std::string work = options.out + ".work";
  auto out = ALUDEL_TRY(files.create(options.out));
  auto converted =
      text::convert_arpa(text.bytes(), memory, precision_of(options.precision),
                         {&files, work, static_cast<std::size_t>(memory / 16), &threads}, *out);
  ALUDEL_TRY(files.remove(work));
  if (!converted) return std::move(converted).error().with_context(options.in);
  ALUDEL_TRY(out->commit());
  Json report = Json::object();
  add_sizes(ALUDEL_TRY(text::NgramModel::load(files, options.out)), report);
  print(report.dump());
  return kExitDone;
}

struct LmUnitsOptions {
  std::vector<std::string> in;

  template <class V>
  void visit(V& v) {
    v("in", in, "folders or files of JSONL or plain text (.gz, .zst or plain)");
  }
};

Result<int> units(const CommandLine& line) {
  LmUnitsOptions options;
  if (ALUDEL_TRY(line.read(options)) == Parsed::help_shown) return kExitDone;
  io::SchemeFileSystem files;
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.in));
  for (text::CorpusDocument document; ALUDEL_TRY(reader.next(document));) {
    if (stop_requested()) return Error{Code::cancelled, "[lm units] stopped"};
    const auto found = text::text_units(document.text);
    std::string spelled;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (i > 0) {
        spelled += text::line_ends_between(document.text, found[i - 1], found[i]) ? '\n' : ' ';
      }
      spelled += text::unit_spelling(
          std::string_view(document.text).substr(found[i].begin, found[i].end - found[i].begin));
    }
    if (!found.empty()) print(spelled);
  }
  ALUDEL_TRY(reader.expect_documents("lm units"));
  return kExitDone;
}

/// A model file of ours, or an ARPA file.
Result<text::NgramModel> load_model(io::FileSystem& files, const std::string& path) {
  if (!path.ends_with(".arpa")) return text::NgramModel::load(files, path);
  const io::MappedFile arpa_file = ALUDEL_TRY(files.map(path));
  Threads threads(1);
  const std::uint64_t memory = machine_memory_bytes() / 2;
  text::StringWriter bytes;
  auto converted = text::convert_arpa(arpa_file.bytes(), memory, text::NgramPrecision::exact,
                                      {&files, path + ".work", memory, &threads}, bytes);
  if (!converted) return std::move(converted).error().with_context(path);
  return text::NgramModel::from_bytes(io::MappedFile(bytes.take()));
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
    row["perplexity"] = scored.units > 0 ? Json(scored.perplexity()) : Json();
    row["log10"] = scored.log10;
    row["units"] = scored.units;
    row["unknown"] = scored.unknown;
    print(row.dump());
  }
  ALUDEL_TRY(reader.expect_documents("lm score"));
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
    v("bytes", bytes, "bytes of the held-out text; 0: from tokens.json beside the shard",
      at_least(0));
    v("max_tokens", max_tokens, "learn from the first documents with so many tokens; 0: all",
      at_least(0));
    v("threads", threads, "0: one per core", kThreadCounts);
  }
};

Result<std::uint64_t> valid_bytes(const LmBaselineOptions& options, io::FileSystem& files) {
  if (options.bytes > 0) return static_cast<std::uint64_t>(options.bytes);
  const std::string path = io::join_path(io::folder_of(options.valid), "tokens.json");
  const Json report = ALUDEL_TRY(io::read_json_object(files, path));
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
  for (const auto& [shard, prefix] :
       {std::pair(&train_shard, options.train), std::pair(&valid_shard, options.valid)}) {
    if (shard->total_tokens() > 0) continue;
    return Error{Code::invalid_argument, fmt::format("[lm baseline] {} has no tokens", prefix)};
  }
  const std::string learnt = ALUDEL_TRY(text::shard_vocabulary(files, options.train));
  const std::string scored = ALUDEL_TRY(text::shard_vocabulary(files, options.valid));
  if (!learnt.empty() && !scored.empty() && learnt != scored) {
    return Error{Code::invalid_argument,
                 fmt::format("[lm baseline] {} and {} were made with different tokenizers",
                             options.train, options.valid)};
  }
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
  constexpr Action kActions[] = {
      {"train", train}, {"score", score}, {"arpa", arpa}, {"units", units}, {"baseline", baseline}};
  return run_action(line, kActions);
}

}  // namespace

extern constinit const CommandSpec command_lm = {
    .name = "lm",
    .summary = "Trains and asks n-gram language models (interpolated modified Kneser-Ney).",
    .details =
        "aludel lm train --in PATH... --out FILE [--order N] [--memory 2GB] [--arpa FILE]\n"
        "    over words of spaced scripts, code points of others, and symbols\n"
        "aludel lm score --model FILE --in PATH...\n"
        "    {\"id\",\"perplexity\",\"log10\",\"units\",\"unknown\"} for each document\n"
        "aludel lm arpa --in FILE.arpa --out FILE\n"
        "    an ARPA file as a model file, which is read at once\n"
        "aludel lm units --in PATH...\n"
        "    the texts as models count them, a space between units: what other programs score "
        "with\n"
        "    a model that lm train wrote with --arpa\n"
        "aludel lm baseline --train PREFIX --valid PREFIX [--bytes N]\n"
        "    bits per byte of unigram and bigram models over token shards: what a trained model\n"
        "    has to beat\n"
        "Each takes --help. Example: aludel lm train --in runs/reference --out runs/models/en.lm",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
