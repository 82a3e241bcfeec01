// Writes text that does not repeat, for other benchmarks, and says how new it is.
// usage: novel_text_bench words|characters MEGABYTES SEED NOVEL_SHARE OUT REAL_TEXT...
// make bench: words 2 7 0.025 $build/novel_text.txt $data/text/en/wiki_demo.txt
// A document of about 4,000 bytes a line end; one JSON line tells what part of the words (or
// characters' runs of four) are distinct, and what part of the runs of eight stand in the real
// text.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include "bench/novel_text/chain.h"

#include "aludel/base/json.h"

namespace {

using namespace aludel;  // NOLINT(google-build-using-namespace): a program of one file

constexpr std::size_t kDocumentBytes = 4000;

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Counts runs of words or characters by hash.
struct Novelty {
  std::unordered_set<std::uint64_t> real;
  std::unordered_set<std::uint64_t> kinds;
  std::uint64_t units = 0;
  std::uint64_t runs = 0;
  std::uint64_t known_runs = 0;

  template <class Visit>
  static void for_each_unit(std::string_view text, bool words, const Visit& visit) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = words ? std::min(text.find_first_of(" \n", at), text.size()) + 1
                                    : at + decode_utf8(text, at).size_bytes;
      if (end > at + (words ? 1 : 0))
        visit(hash64(text.substr(at, std::min(end, text.size()) - at)));
      at = end;
    }
  }

  template <class Visit>
  static void for_each_run(std::string_view text, bool words, const Visit& visit) {
    std::uint64_t last[8] = {};
    std::size_t count = 0;
    for_each_unit(text, words, [&](std::uint64_t unit) {
      last[count++ % 8] = unit;
      std::uint64_t run = 0;
      for (std::size_t i = 0; i < 8; ++i) {
        run = mix64(run + last[(count + i) % 8]);
      }
      if (count >= 8) visit(run);
    });
  }

  void learn(std::string_view text, bool words) {
    for_each_run(text, words, [&](std::uint64_t run) { real.insert(run); });
  }

  void count(std::string_view text, bool words) {
    for_each_unit(text, words, [&](std::uint64_t unit) {
      ++units;
      kinds.insert(unit);
    });
    for_each_run(text, words, [&](std::uint64_t run) {
      ++runs;
      if (real.contains(run)) ++known_runs;
    });
  }
};

template <class Source>
int write(const std::vector<std::string>& arguments, const std::string& real, bool words) {
  const Source source(real);
  Novelty novelty;
  novelty.learn(real, words);
  std::ofstream out(arguments[4], std::ios::binary);
  const double bytes = std::stod(arguments[1]) * 1e6;
  double written = 0;
  for (std::uint64_t item = 0; written < bytes; ++item) {
    std::string text =
        source.document(std::stoull(arguments[2]), item, kDocumentBytes, std::stod(arguments[3]));
    text += '\n';
    out << text;
    written += static_cast<double>(text.size());
    if (item % 8 == 0) novelty.count(text, words);
  }
  Json json = Json::object();
  json["bench"] = "novel_text";
  json["bytes"] = written;
  json["real_bytes"] = std::uint64_t{real.size()};
  json["looked_at_units"] = novelty.units;
  json["distinct_units"] = std::uint64_t{novelty.kinds.size()};
  json["runs_of_8_in_real_text"] = static_cast<double>(novelty.known_runs) /
                                   static_cast<double>(std::max<std::uint64_t>(novelty.runs, 1));
  std::printf("%s\n", json.dump().c_str());
  return out.good() ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  if (arguments.size() < 6 || (arguments[0] != "words" && arguments[0] != "characters")) {
    std::fprintf(
        stderr,
        "usage: novel_text_bench words|characters MEGABYTES SEED NOVEL_SHARE OUT REAL...\n");
    return 2;
  }
  std::string real;
  for (std::size_t i = 5; i < arguments.size(); ++i) {
    real += read_all(arguments[i]);
  }
  if (real.empty()) return 1;
  return arguments[0] == "words" ? write<bench::NovelWords>(arguments, real, true)
                                 : write<bench::NovelCharacters>(arguments, real, false);
}
