// Speed of tokenizer training, encoding and decoding on texts, one JSON line each.
// usage: tokenizer_bench TOKENIZER|train:VOCAB_SIZE THREADS TEXT_FILE...
//   a tokenizer file or folder is encoded with; train:8192 first trains one on all texts
// Encoding goes document by document (about 4,000 bytes), after a check that they come back whole.
// Processor time is given too: it is what counts on a machine that does other work.
// make bench: train:8192 $threads $data/text/en/tinyshakespeare.txt
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/clock.h"
#include "aludel/base/json.h"
#include "aludel/base/threads.h"
#include "aludel/base/utf8.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/bpe_trainer.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace {

using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::size_t kRepeats = 7;
constexpr std::size_t kRepeatsOfLongText = 3;
constexpr double kLongMegabytes = 50;
constexpr std::size_t kDocumentBytes = 4000;

std::vector<std::string> documents_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> documents;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = utf8_boundary(text, std::min(begin + kDocumentBytes, text.size()));
    documents.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return documents;
}

double megabytes_of(const std::vector<std::string>& documents) {
  double bytes = 0;
  for (const std::string& document : documents) {
    bytes += static_cast<double>(document.size());
  }
  return bytes / 1e6;
}

/// Median and slowest speed of several runs, by the clock and by processor time.
template <class Work>
void time_work(Json& out, double megabytes, const Work& work) {
  std::vector<double> seconds;
  std::vector<double> processor;
  const std::size_t repeats = megabytes < kLongMegabytes ? kRepeats : kRepeatsOfLongText;
  for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
    const double start = now_seconds();
    const double processor_start = bench::cpu_seconds();
    work();
    seconds.push_back(now_seconds() - start);
    processor.push_back(bench::cpu_seconds() - processor_start);
  }
  std::ranges::sort(seconds);
  std::ranges::sort(processor);
  out["megabytes"] = megabytes;
  out["megabytes_per_second"] = megabytes / seconds[repeats / 2];
  out["slowest"] = megabytes / seconds.back();
  out["megabytes_per_processor_second"] = megabytes / processor[repeats / 2];
}

text::TokenizerModel train(const std::vector<std::string>& documents, std::int64_t vocab_size,
                           Threads& threads) {
  std::vector<text::WordCounts> of_worker(static_cast<std::size_t>(threads.count()));
  threads.parallel_for(documents.size(), [&](std::size_t i, int worker) {
    of_worker[static_cast<std::size_t>(worker)].add_text(documents[i]);
  });
  for (std::size_t i = 1; i < of_worker.size(); ++i) {
    of_worker[0].merge(of_worker[i]);
  }
  text::BpeTrainerConfig config;
  config.vocab_size = vocab_size;
  return text::train_bpe(of_worker[0], config).value();
}

text::TokenizerModel timed_train(const std::vector<std::string>& documents, std::int64_t vocab_size,
                                 Threads& threads) {
  text::TokenizerModel model;
  Json out = Json::object();
  out["bench"] = "tokenizer_train";
  out["vocab_size"] = vocab_size;
  bench::add_machine(out, threads.count());
  time_work(out, megabytes_of(documents), [&] { model = train(documents, vocab_size, threads); });
  std::printf("%s\n", out.dump().c_str());
  return model;
}

/// False when a text does not come back from its ids.
bool time_texts(const text::Tokenizer& tokenizer, const std::string& path) {
  const std::vector<std::string> documents = documents_of(path);
  std::vector<std::vector<std::int32_t>> ids;
  std::int64_t tokens = 0;
  for (const std::string& document : documents) {
    ids.push_back(tokenizer.encode(document));
    tokens += static_cast<std::int64_t>(ids.back().size());
    if (tokenizer.decode(ids.back()) != document) return false;
  }
  Json out = Json::object();
  out["bench"] = "tokenizer_encode";
  out["text"] = path;
  out["tokens"] = tokens;
  bench::add_machine(out, 1);
  std::size_t kept = 0;
  time_work(out, megabytes_of(documents), [&] {
    text::EncodeMemo memo;  // cold at the start of each run
    for (const std::string& document : documents) {
      kept += tokenizer.encode(document, text::Tokenizer::Place::start, &memo).size();
    }
  });
  std::printf("%s\n", out.dump().c_str());
  out["bench"] = "tokenizer_decode";
  time_work(out, megabytes_of(documents), [&] {
    for (const auto& document : ids) {
      kept += tokenizer.decode(document).size();
    }
  });
  std::printf("%s\n", out.dump().c_str());
  return kept > 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  if (words.size() < 3) {
    std::fprintf(stderr, "usage: tokenizer_bench TOKENIZER|train:VOCAB_SIZE THREADS TEXT...\n");
    return 2;
  }
  Threads threads(std::stoi(words[1]));
  io::LocalFileSystem files;
  const bool trains = words[0].starts_with("train:");
  std::vector<std::string> all;
  for (std::size_t i = 2; i < words.size() && trains; ++i) {
    const auto documents = documents_of(words[i]);
    all.insert(all.end(), documents.begin(), documents.end());
  }
  const auto tokenizer =
      trains ? text::Tokenizer::make(timed_train(all, std::stoi(words[0].substr(6)), threads))
             : text::Tokenizer::load(files, words[0]);
  if (!tokenizer) {
    std::fprintf(stderr, "%s\n", tokenizer.error().message.c_str());
    return 1;
  }
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (time_texts(tokenizer.value(), words[i])) continue;
    std::fprintf(stderr, "%s does not come back\n", words[i].c_str());
    return 1;
  }
  return 0;
}
