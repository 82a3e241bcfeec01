// Times the layers that compare documents on generated documents (generated_documents.h) in
// compressed shards on disk. usage: dedup_bench [--megabytes N] [--memory SIZE] [--threads N]
// [--folder F] [--layer NAME]
//   NAME: signatures, paragraph_dedup, minhash_dedup, exact_dedup or semantic; all of them unless
//   given
// Prints a JSON line for each. `signatures` are shingles and MinHash values of texts in memory; the
// others are whole fits by the layer's plan: shards are read and parsed, keys sorted on disk, and
// findings written. CPU seconds are of all threads; peak memory is all of the process's while the
// plan ran; scratch is all that the plan's stages left on disk.
// make bench: --megabytes 64 --threads 1
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/curate/generated_documents.h"
#include "bench/machine.h"

#include "aludel/base/clock.h"
#include "aludel/base/memory_size.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/document/packed_id.h"
#include "aludel/curate/layers/minhash_dedup/signature.h"
#include "aludel/curate/learn/corpus.h"

namespace {

namespace curate = aludel::curate;
using aludel::Json;
using aludel::Ok;
using aludel::Result;
using aludel::Status;

struct Options {
  std::uint64_t megabytes = 64;
  std::string memory = "1GB";
  int threads = 1;
  std::string folder = (std::filesystem::temp_directory_path() / "aludel-dedup-bench").string();
  std::string layer;
};

/// Shards of documents on disk.
class FileCorpus final : public curate::Corpus {
 public:
  static constexpr std::uint64_t kShardBytes = 16'000'000;  // of text

  FileCorpus(aludel::io::FileSystem& files, std::string folder)
      : files_(files), folder_(std::move(folder)) {}

  /// Writes documents until there are `bytes` of text.
  Status generate(std::uint64_t bytes, aludel::Threads& threads) {
    ALUDEL_TRY(files_.make_folders(folder_));
    shards_ = static_cast<std::size_t>(bytes / kShardBytes + 1);
    const aludel::bench::DocumentGenerator generator(1);
    constexpr std::uint64_t kUsualBytes = 2100;
    const std::uint64_t documents = bytes / kUsualBytes / shards_ + 1;
    std::vector<std::uint64_t> sizes(shards_);
    std::vector<Status> written(shards_, Status(Ok{}));
    threads.parallel_for(shards_, [&](std::size_t shard) {
      written[shard] = write_shard(generator, shard, documents, sizes[shard]);
    });
    for (std::size_t shard = 0; shard < shards_; ++shard) {
      ALUDEL_TRY(std::move(written[shard]));
      text_bytes_ += sizes[shard];
    }
    documents_ = documents * shards_;
    return Ok{};
  }

  std::size_t shards() const override { return shards_; }

  std::uint64_t text_bytes() const override { return text_bytes_; }

  std::uint64_t documents() const { return documents_; }

  Status read(std::size_t shard, const curate::VisitDocument& visit) const override {
    auto reader = ALUDEL_TRY(aludel::io::JsonlReader::open(files_, path(shard)));
    curate::Place place{static_cast<std::uint32_t>(shard), 0};
    Json json;
    while (ALUDEL_TRY(reader.next(json))) {
      const curate::Document document = ALUDEL_TRY(curate::document_from_json(json));
      ALUDEL_TRY(visit({document, place, curate::packed_id(document.id)}));
      ++place.document;
    }
    return Ok{};
  }

 private:
  std::string path(std::size_t shard) const {
    return aludel::io::join_path(folder_, fmt::format("{:05}.jsonl.zst", shard));
  }

  Status write_shard(const aludel::bench::DocumentGenerator& generator, std::size_t shard,
                     std::uint64_t documents, std::uint64_t& text_bytes) const {
    auto writer = ALUDEL_TRY(aludel::io::JsonlWriter::create(files_, path(shard)));
    for (std::uint64_t i = 0; i < documents; ++i) {
      const curate::Document document = generator.document(shard * documents + i);
      text_bytes += document.text.size();
      ALUDEL_TRY(writer.write(curate::to_json(document)));
    }
    return writer.commit();
  }

  aludel::io::FileSystem& files_;
  std::string folder_;
  std::size_t shards_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::uint64_t documents_ = 0;
};

/// Bytes of memory of this process, by the name of a line of /proc/self/status.
std::uint64_t memory_of_process(std::string_view name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name))
      return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) << 10;
  }
  return 0;
}

/// Lets the peak begin at what is in use now.
void reset_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

std::uint64_t bytes_below(aludel::io::FileSystem& files, const std::string& folder) {
  std::uint64_t bytes = 0;
  const auto infos = files.list(folder);
  if (!infos) return 0;
  for (const aludel::io::FileInfo& info : infos.value()) {
    bytes += info.size_bytes;
  }
  return bytes;
}

Json result_of(std::string_view what, double megabytes, double cpu_seconds, int threads) {
  Json out = Json::object();
  out["bench"] = fmt::format("curate/dedup/{}", what);
  out["text_megabytes"] = megabytes;
  out["cpu_seconds"] = cpu_seconds;
  out["megabytes_per_cpu_second"] = megabytes / cpu_seconds;
  aludel::bench::add_machine(out, threads);
  return out;
}

/// Shingles of 5 words and 112 hashes, in one thread.
Json time_signatures(const Options& options, std::uint64_t first, std::string_view language) {
  const aludel::bench::DocumentGenerator generator(1);
  std::vector<std::string> texts;
  std::uint64_t bytes = 0;
  for (std::uint64_t i = first; bytes < std::min<std::uint64_t>(options.megabytes, 64) * 1'000'000;
       i += 2) {
    texts.push_back(generator.document(i).text);
    bytes += texts.back().size();
  }
  const curate::minhash_dedup::SignatureHashes hashes(112, 1);
  std::uint32_t sum = 0;
  const double started = aludel::bench::cpu_seconds();
  for (const std::string& text : texts) {
    sum += hashes.signature(curate::minhash_dedup::shingles(text, 5))[0];
  }
  const double seconds = aludel::bench::cpu_seconds() - started;
  Json out = result_of("signatures", static_cast<double>(bytes) / 1e6, seconds, 1);
  out["language"] = language;
  out["hashes"] = 112;
  out["check"] = static_cast<std::int64_t>(sum);
  return out;
}

Result<Json> time_plan(aludel::io::FileSystem& files, const Options& options,
                       const FileCorpus& corpus, const std::string& name) {
  const std::string run = aludel::io::join_path(options.folder, "run");
  ALUDEL_TRY(files.remove(run));
  ALUDEL_TRY(files.make_folders(run));
  aludel::Threads threads(options.threads);
  const auto manifest =
      ALUDEL_TRY(aludel::exec::Manifest::open(files, aludel::io::join_path(run, "manifest.jsonl")));
  const aludel::exec::Shuffle shuffle({files, threads, *manifest, run}, "work/" + name, "bench",
                                      ALUDEL_TRY(aludel::parse_memory_size(options.memory)));
  const curate::LayerContext context{files, "", 1, threads};
  const auto layer =
      ALUDEL_TRY(ALUDEL_TRY(curate::find_layer(name))->make(Json::object(), context));
  reset_peak();
  const double wall = aludel::now_seconds();
  const double cpu = aludel::bench::cpu_seconds();
  ALUDEL_TRY(layer->learn()({corpus, shuffle, "state/" + name}));
  Json out = result_of(name, static_cast<double>(corpus.text_bytes()) / 1e6,
                       aludel::bench::cpu_seconds() - cpu, options.threads);
  out["wall_seconds"] = aludel::now_seconds() - wall;
  out["documents"] = corpus.documents();
  out["shards"] = static_cast<std::int64_t>(corpus.shards());
  out["memory"] = options.memory;
  out["peak_memory_megabytes"] = static_cast<double>(memory_of_process("VmHWM")) / 1e6;
  out["scratch_megabytes"] =
      static_cast<double>(bytes_below(files, aludel::io::join_path(run, "work"))) / 1e6;
  out["state_megabytes"] =
      static_cast<double>(bytes_below(files, aludel::io::join_path(run, "state"))) / 1e6;
  ALUDEL_TRY(files.remove(run));
  return out;
}

Status run(const Options& options) {
  aludel::io::LocalFileSystem files;
  const auto is_asked = [&](std::string_view name) {
    return options.layer.empty() || options.layer == name;
  };
  if (is_asked("signatures")) {
    std::printf("%s\n", time_signatures(options, 0, "English-like").dump().c_str());
    std::printf("%s\n", time_signatures(options, 1, "Chinese-like").dump().c_str());
  }
  if (options.layer == "signatures") return Ok{};
  FileCorpus corpus(files, aludel::io::join_path(options.folder, "corpus"));
  {
    aludel::Threads threads(0);
    ALUDEL_TRY(corpus.generate(options.megabytes * 1'000'000, threads));
  }
  for (const char* name : {"paragraph_dedup", "minhash_dedup", "exact_dedup", "semantic"}) {
    if (!is_asked(name)) continue;
    const Json line = ALUDEL_TRY(time_plan(files, options, corpus, name));
    std::printf("%s\n", line.dump().c_str());
    std::fflush(stdout);
  }
  return files.remove(options.folder);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view word = argv[i];
    if (word == "--megabytes") options.megabytes = std::strtoull(argv[i + 1], nullptr, 10);
    if (word == "--memory") options.memory = argv[i + 1];
    if (word == "--threads") options.threads = std::atoi(argv[i + 1]);
    if (word == "--folder") options.folder = argv[i + 1];
    if (word == "--layer") options.layer = argv[i + 1];
  }
  const Status done = run(options);
  if (!done) std::fprintf(stderr, "dedup_bench: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
