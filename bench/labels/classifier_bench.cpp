// Speed of the linear classifier on documents of JSON Lines files.
// usage: classifier_bench [--labels N] [--repeats N] FILE.jsonl...   (each line: {"text": …})
// Trains a small model on every fourth document with made-up labels (what it says does not matter
// here), then times predict() over all. Prints one JSON line: CPU seconds of one thread.
// make bench: --labels 2 $data/text/en/c4_demo.jsonl
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/json.h"
#include "aludel/text/classifier/classifier.h"

namespace {

std::vector<std::string> load(const std::vector<std::string>& paths) {
  std::vector<std::string> texts;
  for (const std::string& path : paths) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const auto json = aludel::parse_json(line);
      if (json) texts.push_back(json.value().string_or("text", ""));
    }
  }
  return texts;
}

aludel::text::Classifier model_of(const std::vector<std::string>& texts, std::size_t labels) {
  std::vector<std::string> names;
  for (std::size_t label = 0; label < labels; ++label) {
    names.push_back("label" + std::to_string(label));
  }
  std::vector<aludel::text::LabelledText> examples;
  for (std::size_t i = 0; i < texts.size() && examples.size() < 400; i += 4) {
    examples.push_back({texts[i], names[examples.size() % labels]});
  }
  aludel::text::ClassifierSettings settings;
  settings.epochs = 1;
  return aludel::text::Classifier::train(settings, examples, nullptr).value();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t labels = 2;
  int repeats = 5;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--labels" && i + 1 < argc) {
      labels = static_cast<std::size_t>(std::max(2, std::atoi(argv[++i])));
    } else if (word == "--repeats" && i + 1 < argc) {
      repeats = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.emplace_back(word);
    }
  }
  const std::vector<std::string> texts = load(paths);
  std::size_t bytes = 0;
  for (const std::string& text : texts) {
    bytes += text.size();
  }
  if (texts.size() < 8 * labels) {
    std::fprintf(stderr, "usage: classifier_bench [--labels N] [--repeats N] FILE.jsonl...\n");
    return 2;
  }
  const auto model = model_of(texts, labels);
  std::vector<double> seconds;
  double checksum = 0;
  for (int repeat = 0; repeat <= repeats; ++repeat) {  // the first one warms up
    const double started = aludel::bench::cpu_seconds();
    for (const std::string& text : texts) {
      checksum += static_cast<double>(model.predict(text)[0]);
    }
    if (repeat > 0) seconds.push_back(aludel::bench::cpu_seconds() - started);
  }
  std::sort(seconds.begin(), seconds.end());
  aludel::Json out = aludel::Json::object();
  out["bench"] = "classifier";
  out["labels"] = static_cast<std::int64_t>(labels);
  out["documents"] = static_cast<std::int64_t>(texts.size());
  out["bytes"] = static_cast<std::int64_t>(bytes);
  out["seconds_median"] = seconds[seconds.size() / 2];
  out["seconds_spread"] = seconds.back() - seconds.front();
  out["mb_per_second"] = static_cast<double>(bytes) * 1e-6 / seconds[seconds.size() / 2];
  out["checksum"] = checksum;
  aludel::bench::add_machine(out, 1);
  std::printf("%s\n", out.dump().c_str());
  return 0;
}
