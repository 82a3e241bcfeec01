// Times scoring of text with an n-gram model: processor seconds of one thread.
// usage: ngram_lm_bench MODEL MAX_MEGABYTES TEXT_FILE...
// Documents are of about 4,000 bytes, each scored once, so that no n-gram's place is in a cache
// because its text was seen before; a model of 1 GB is 32 times the last cache here. What is timed
// is what layer `perplexity` pays for one score: cutting into units, then asking the model. One
// JSON line: both together, cutting alone, and asking one n-gram after the other (the reference).
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bench/machine.h"

#include "aludel/base/json.h"
#include "aludel/base/utf8.h"
#include "aludel/io/file_system.h"
#include "aludel/text/ngram_lm/text_lm.h"

namespace {

using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::size_t kDocumentBytes = 4000;

std::vector<std::string> documents_of(const std::string& path, std::size_t max_bytes) {
  std::ifstream file(path, std::ios::binary);
  std::string text(max_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  std::vector<std::string> documents;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = utf8_boundary(text, std::min(begin + kDocumentBytes, text.size()));
    documents.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return documents;
}

text::NgramScore score_one_by_one(const text::NgramModel& model,
                                  const std::vector<std::uint64_t>& lines) {
  text::NgramScore score;
  text::NgramState state;
  for (const std::uint64_t unit : lines) {
    if (unit == model.begin_unit()) {
      state = model.begin_state();
    } else {
      score.log10 += model.log10_probability(state, unit);
      ++score.units;
    }
  }
  return score;
}

int run(const std::vector<std::string>& words) {
  io::LocalFileSystem files;
  const double start = bench::cpu_seconds();
  const auto model = text::NgramModel::load(files, words[0]);
  if (!model) {
    std::fprintf(stderr, "%s\n", model.error().message.c_str());
    return 1;
  }
  const double loaded = bench::cpu_seconds();
  std::vector<std::string> documents;
  for (std::size_t i = 2; i < words.size(); ++i) {
    auto more = documents_of(words[i], static_cast<std::size_t>(std::stod(words[1]) * 1e6));
    std::ranges::move(more, std::back_inserter(documents));
  }
  double bytes = 0;
  text::NgramScore score;
  const double scoring = bench::cpu_seconds();
  for (const std::string& document : documents) {
    score.add(text::score_text(model.value(), document));
    bytes += static_cast<double>(document.size());
  }
  const double scored = bench::cpu_seconds();
  std::size_t kept = 0;
  for (const std::string& document : documents) {
    kept += text::lines_of_units(document, text::units_for(model.value(), document),
                                 text::marks_of(model.value()))
                .size();
  }
  const double cut = bench::cpu_seconds();
  text::NgramScore slow;
  double slow_bytes = 0;
  for (std::size_t i = 0; i < documents.size(); i += 8) {
    slow.add(score_one_by_one(
        model.value(),
        text::lines_of_units(documents[i], text::units_for(model.value(), documents[i]),
                             text::marks_of(model.value()))));
    slow_bytes += static_cast<double>(documents[i].size());
  }
  const double slow_end = bench::cpu_seconds();
  Json out = Json::object();
  out["bench"] = "ngram_lm_score";
  out["model_bytes"] = std::uint64_t{model.value().bytes().size()};
  out["order"] = model.value().order();
  out["text_bytes"] = bytes;
  out["units"] = score.units;
  out["with_marks"] = std::uint64_t{kept};
  out["unknown_share"] = static_cast<double>(score.unknown) / static_cast<double>(score.units);
  out["perplexity"] = score.perplexity();
  out["megabytes_per_processor_second"] = bytes / 1e6 / (scored - scoring);
  out["cutting_alone"] = bytes / 1e6 / (cut - scored);
  out["one_by_one"] = slow_bytes / 1e6 / (slow_end - cut);
  out["load_seconds"] = loaded - start;
  bench::add_machine(out, 1);
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> words(values + 1, values + count);
  if (words.size() < 3) {
    std::fprintf(stderr, "usage: ngram_lm_bench MODEL MAX_MEGABYTES TEXT...\n");
    return 2;
  }
  return run(words);
}
