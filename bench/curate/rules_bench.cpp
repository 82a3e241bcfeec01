// Times layers `metrics` and `repetition` together on documents of JSON Lines files.
// usage: rules_bench [--preset NAME] [--repeats N] FILE.jsonl...
//   each line of a file: {"text": …, "language": …}
// Prints one JSON line: CPU seconds of one thread, both layers with their annotations.
// make bench: $data/text/en/c4_demo.jsonl
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/json.h"
#include "aludel/base/threads.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

namespace {

using aludel::curate::Document;

std::vector<Document> load(const std::vector<std::string>& paths) {
  std::vector<Document> documents;
  for (const std::string& path : paths) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      auto json = aludel::parse_json(line);
      if (!json) continue;
      auto document = aludel::curate::document_from_json(json.value());
      if (document) documents.push_back(std::move(document).value());
    }
  }
  return documents;
}

struct Outcome {
  double seconds = 0;
  std::size_t dropped = 0;
};

Outcome judge_all(const std::vector<const aludel::curate::Layer*>& layers,
                  std::vector<Document> documents) {
  Outcome outcome;
  const double started = aludel::bench::cpu_seconds();
  for (Document& document : documents) {
    bool keep = true;
    for (const auto* layer : layers) {
      layer->measure(document);
      keep = layer->decide(document).keep && keep;  // both layers see all: the annotating case
    }
    if (!keep) ++outcome.dropped;
  }
  outcome.seconds = aludel::bench::cpu_seconds() - started;
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  std::string preset = "web";
  int repeats = 5;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--preset" && i + 1 < argc) {
      preset = argv[++i];
    } else if (word == "--repeats" && i + 1 < argc) {
      repeats = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.emplace_back(word);
    }
  }
  const std::vector<Document> documents = load(paths);
  const auto config = aludel::curate::read_curate_config(
      "preset = \"" + preset + "\"\n[[sources]]\nname = \"bench\"\npath = \"-\"\n", "bench", {});
  if (documents.empty() || !config) {
    std::fprintf(stderr, "usage: rules_bench [--preset NAME] [--repeats N] FILE.jsonl...%s\n",
                 config ? "" : ("\n" + config.error().message).c_str());
    return 2;
  }
  aludel::io::LocalFileSystem files;
  aludel::Threads threads(1);
  const aludel::curate::LayerContext context{files, "", 0, threads};
  std::vector<std::unique_ptr<aludel::curate::Layer>> owned;
  std::vector<const aludel::curate::Layer*> both;
  for (const auto& resolved : aludel::curate::resolve_layers(config.value())) {
    if (resolved.spec->name != "metrics" && resolved.spec->name != "repetition") continue;
    owned.push_back(resolved.spec->make(resolved.by_profile[0].settings, context).value());
    both.push_back(owned.back().get());
  }
  std::size_t bytes = 0;
  for (const Document& document : documents) {
    bytes += document.text.size();
  }
  std::vector<double> seconds;
  Outcome outcome = judge_all(both, documents);  // warm-up
  for (int i = 0; i < repeats; ++i) {
    outcome = judge_all(both, documents);
    seconds.push_back(outcome.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  const double megabytes = static_cast<double>(bytes) / 1e6;
  aludel::Json out = aludel::Json::object();
  out["bench"] = "curate/rules";
  out["preset"] = preset;
  out["documents"] = static_cast<std::int64_t>(documents.size());
  out["dropped"] = static_cast<std::int64_t>(outcome.dropped);
  out["text_megabytes"] = megabytes;
  out["megabytes_per_cpu_second"] = megabytes / seconds[seconds.size() / 2];
  out["megabytes_per_cpu_second_slowest"] = megabytes / seconds.back();
  out["megabytes_per_cpu_second_fastest"] = megabytes / seconds.front();
  aludel::bench::add_machine(out, 1);
  std::printf("%s\n", out.dump().c_str());
  return 0;
}
