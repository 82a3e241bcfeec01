#include <cstdlib>
#include <filesystem>

#include "app/command.h"
#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/curate/run/filter.h"
#include "aludel/io/codec.h"
#include "aludel/io/scheme_file_system.h"

namespace aludel::app {
namespace {

struct LayerOptions {
  std::string layer;
  std::string preset = "web";
  std::vector<std::string> set;
  std::string state;
  std::string models;
  std::int64_t seed = 0;
  std::int64_t threads = 0;

  template <class V>
  void visit(V& v) {
    v("layer", layer, "name of the layer; aludel list layers", one_of(curate::cascade()));
    v("preset", preset, "settings to start from: a file in recipes/presets, by name",
      or_empty(one_of(curate::all_presets())));
    v("set", set, "changes to the layer's settings: min_words=30");
    v("state", state, "state folder of a fitted layer: RUN/state/NAME");
    v("models", models, "folder with trained models");
    v("seed", seed, "of everything random");
    v("threads", threads, "threads; 0 is one per core", kThreadCounts);
  }
};

/// A folder for the input of a fitted layer, removed at the end.
class ScratchFolder {
 public:
  static Result<std::unique_ptr<ScratchFolder>> make() {
    std::error_code error;
    const auto parent = std::filesystem::temp_directory_path(error);  // TMPDIR, else /tmp
    std::string path = (parent / "aludel-layer-XXXXXX").string();
    if (error || ::mkdtemp(path.data()) == nullptr) {
      return Error{Code::io_error, path + ": cannot make a temporary folder; set TMPDIR"};
    }
    return std::unique_ptr<ScratchFolder>(new ScratchFolder(path));
  }

  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

/// What is piped in, unpacked where it is compressed.
Result<std::unique_ptr<io::ByteReader>> open_input(io::FileSystem& files) {
  return io::open_decompressed(files, "/dev/stdin");
}

Result<int> run(const CommandLine& line) {
  LayerOptions options;
  if (ALUDEL_TRY(line.read(options, {"layer"})) == Parsed::help_shown) return kExitDone;
  io::SchemeFileSystem files;
  Threads threads(static_cast<int>(options.threads));
  const auto scratch = ALUDEL_TRY(ScratchFolder::make());
  const curate::FilterOptions filter{.layer = options.layer,
                                     .preset = options.preset,
                                     .set = options.set,
                                     .models = options.models,
                                     .seed = options.seed,
                                     .state = options.state,
                                     .scratch_folder = scratch->path()};
  const auto out = [](std::string_view text) -> Status {
    print(text);
    return Ok{};
  };
  const auto summary = ALUDEL_TRY(
      curate::filter_documents(files, threads, filter, ALUDEL_TRY(open_input(files)), out));
  const std::string parts =
      summary.cut_off == 0
          ? ""
          : fmt::format("; {} parts that were cut off follow their documents", summary.cut_off);
  log_info("layer {}: {} of {} documents dropped{}", options.layer, summary.dropped,
           summary.documents, parts);
  return kExitDone;
}

}  // namespace

extern constinit const CommandSpec command_layer = {
    .name = "layer",
    .summary = "One layer of the cascade as a filter: JSONL in, JSONL out, in the same order.",
    .details =
        "Adds annotations.NAME to each document, and rejected_by, reason and score to those that\n"
        "the layer drops; documents that came in as rejects pass unjudged, so layers can be "
        "piped.\n"
        "A fitted layer takes --state; without it, it keeps its input in TMPDIR and fits first.\n"
        "A state decides the settings that it was fitted with: --set and --seed cannot change "
        "them.\n"
        "A state that holds findings judges the documents of its run by their ids; others come "
        "back\n"
        "unjudged, and the command fails. For an earlier corpus: aludel dedup build.\n"
        "With a state in its run's folder, profiles that the run had the layer off for pass "
        "unjudged.\n"
        "Layer language drops older captures of an address only with --state.\n"
        "Example: cat kept/*.zst | aludel layer metrics --set min_words=30 > judged.jsonl",
    .run = run,
    .compute = Compute::kernels,
};

}  // namespace aludel::app
