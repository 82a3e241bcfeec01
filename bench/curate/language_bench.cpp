// Speed and accuracy of language identification on documents, one JSON line for each way and file.
// usage: language_bench MODEL DOCUMENTS.jsonl...
//   MODEL is a fastText file, lid.176.ftz for one; a document is {"text":…} or with "language":…,
//   the code that the model should give. bench/curate/language/compare.py makes such files and sets
//   the fastText library beside it in the same run.
// "cld2" is the guess without the model, "combined" the guess with it, "model" the model alone on
// the whole text. Speeds are by processor time of one thread: it counts on a shared machine.
// make bench: $data/models/lid.176.ftz $data/text/en/c4_demo.jsonl
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/json.h"
#include "aludel/io/file_system.h"
#include "aludel/text/language.h"
#include "aludel/text/language/fasttext_model.h"

namespace {

using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file

constexpr int kRepeats = 5;

struct BenchDocument {
  std::string text;
  std::string language;  // empty if not known
};

std::vector<BenchDocument> documents_of(const std::string& path) {
  std::vector<BenchDocument> documents;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto row = parse_json(line);
    if (!row) continue;
    documents.push_back({row.value().string_or("text", ""), row.value().string_or("language", "")});
  }
  return documents;
}

using Guesser = std::function<std::string(const std::string&)>;

void measure(std::string_view way, const std::string& path,
             const std::vector<BenchDocument>& documents, const Guesser& guess) {
  double bytes = 0;
  std::int64_t labelled = 0;
  std::int64_t right = 0;
  for (const BenchDocument& document : documents) {
    bytes += static_cast<double>(document.text.size());
    if (document.language.empty()) continue;
    ++labelled;
    right += guess(document.text) == document.language ? 1 : 0;
  }
  std::vector<double> speeds;
  std::size_t kept = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    const double start = bench::cpu_seconds();
    for (const BenchDocument& document : documents) {
      kept += guess(document.text).size();
    }
    speeds.push_back(bytes / 1e6 / (bench::cpu_seconds() - start));
  }
  std::ranges::sort(speeds);
  Json out = Json::object();
  out["bench"] = "language";
  out["way"] = way;
  out["documents_from"] = path;
  out["documents"] = static_cast<std::int64_t>(documents.size());
  out["mean_bytes"] = bytes / static_cast<double>(std::max<std::size_t>(documents.size(), 1));
  out["megabytes_per_processor_second"] = speeds[kRepeats / 2];
  out["slowest"] = speeds.front();
  out["fastest"] = speeds.back();
  if (labelled > 0) {
    out["labelled"] = labelled;
    out["accuracy"] = static_cast<double>(right) / static_cast<double>(labelled);
  }
  bench::add_machine(out, 1);
  std::printf("%s\n", kept == 0 ? "{}" : out.dump().c_str());
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  if (words.size() < 2) {
    std::fprintf(stderr, "usage: language_bench MODEL DOCUMENTS.jsonl...\n");
    return 2;
  }
  io::LocalFileSystem files;
  const auto bytes = io::read_file(files, words[0]);
  const auto model = bytes ? text::FastTextModel::from_bytes(bytes.value())
                           : Result<text::FastTextModel>(bytes.error());
  if (!model) {
    std::fprintf(stderr, "%s\n", model.error().message.c_str());
    return 1;
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::vector<BenchDocument> documents = documents_of(words[i]);
    measure("cld2", words[i], documents,
            [](const std::string& text) { return text::guess_language(text).language; });
    measure("combined", words[i], documents, [&](const std::string& text) {
      return text::guess_language(text, &model.value()).language;
    });
    measure("model", words[i], documents, [&](const std::string& text) {
      const auto best = model.value().predict(text, 1);
      return best.empty() ? std::string() : std::string(best[0].label);
    });
  }
  return 0;
}
