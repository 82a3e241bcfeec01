#include <algorithm>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/base/stop.h"
#include "aludel/base/threads.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/curate/layers/minhash_dedup/signature_index.h"
#include "aludel/io/keeping_file_system.h"
#include "aludel/io/scheme_file_system.h"
#include "aludel/text/corpus_reader.h"

namespace aludel::app {
namespace {

namespace minhash = curate::minhash_dedup;

struct DedupOptions {
  std::string action;
  std::vector<std::string> data;
  std::string index;
  std::int64_t words = 5;
  std::int64_t bands = 14;
  std::int64_t rows = 8;
  std::int64_t seed = 0;
  std::int64_t threads = 0;
  bool overwrite = false;

  template <class V>
  void visit(V& v) {
    v("action", action, "what to do", one_of({"build"}));
    v("data", data, "the earlier corpus: RUN/kept, or other JSONL, Parquet and text files");
    v("index", index, "file to write");
    v("words", words, "as layers.minhash_dedup.words of the later run", minhash::kSignatureSizes);
    v("bands", bands, "as layers.minhash_dedup.bands", minhash::kSignatureSizes);
    v("rows", rows, "as layers.minhash_dedup.rows", minhash::kSignatureSizes);
    v("seed", seed, "as the seed of the later run");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
    v("overwrite", overwrite, kOverwriteHelp);
  }
};

Status build(io::FileSystem& files, const DedupOptions& options) {
  const auto claim = ALUDEL_TRY(io::OutputClaim::take(files, options.index));
  auto reader = ALUDEL_TRY(text::CorpusReader::open(files, options.data));
  const minhash::SignatureSettings settings{options.words, options.bands * options.rows,
                                            options.seed};
  const minhash::SignatureHashes hashes(static_cast<std::size_t>(settings.hashes),
                                        static_cast<std::uint64_t>(settings.seed));
  auto index = ALUDEL_TRY(minhash::SignatureIndexWriter::create(files, options.index, settings));
  Threads threads(static_cast<int>(options.threads));
  std::uint64_t without_words = 0;
  std::uint64_t foreign_ids = 0;
  for (;;) {
    if (stop_requested()) return Error{Code::cancelled, "[dedup] stopped; run it again"};
    const auto batch = ALUDEL_TRY(reader.next_batch());
    if (batch.empty()) break;
    std::vector<std::vector<std::uint32_t>> signatures(batch.size());
    threads.parallel_for(batch.size(), [&](std::size_t i) {
      const auto shingles =
          minhash::shingles(batch[i].text, static_cast<std::size_t>(options.words));
      if (!shingles.empty()) signatures[i] = hashes.signature(shingles);
    });
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (signatures[i].empty()) {
        ++without_words;
        continue;
      }
      const Hash128 id = curate::packed_id(batch[i].id);
      if (id.hex() != batch[i].id) ++foreign_ids;
      ALUDEL_TRY(index.add(id, signatures[i]));
    }
  }
  ALUDEL_TRY(reader.expect_texts_in_rows("dedup build"));
  if (index.documents() == 0) {
    log_warning("[dedup build] no document with a word: against this index nothing is dropped");
  }
  if (foreign_ids > 0) {
    log_warning("[dedup build] {} ids are none of a run: a later run names the XXH128 of each",
                foreign_ids);
  }
  const std::uint64_t documents = index.documents();
  ALUDEL_TRY(index.commit());
  log_info("{} documents ({} without words left out): {}", documents, without_words,
           io::file_name_of(options.index));
  return Ok{};
}

Result<int> run(const CommandLine& line) {
  DedupOptions options;
  if (ALUDEL_TRY(line.read(options, {"action", "data"})) == Parsed::help_shown) return kExitDone;
  if (options.data.empty() || options.index.empty()) {
    return Error{Code::invalid_argument, "[dedup] give the earlier corpus and --index"};
  }
  ALUDEL_TRY(minhash::check_hashes(options.bands, options.rows, "dedup"));
  io::SchemeFileSystem disk;
  io::KeepingFileSystem files(disk, line.existing(options.overwrite));
  ALUDEL_TRY(build(files, options));
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_dedup = {
    .name = "dedup",
    .summary = "Keeps the signatures of a corpus, so that later runs drop near-duplicates of it.",
    .details =
        "build writes an index with a MinHash signature of each document (472 bytes with the\n"
        "settings that are usual). Layer `minhash_dedup` of a later run, or `aludel layer`, reads "
        "it\n"
        "and drops what is like a document of it (docs/cascade/minhash_dedup.md).\n\n"
        "Example: aludel dedup build runs/may/kept --index may.index --seed 2026\n"
        "         aludel curate june.toml --set 'layers.minhash_dedup.against=[\"may.index\"]'",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
