// Scores and times main-text extraction on pages with must-have and must-not-have segments.
// usage: extraction_bench PAGES_DIR [--misses | --texts FILE]
// PAGES_DIR holds evaldata.json and html/. Prints one JSON line, with the speed of decoding and
// extraction in CPU seconds of one thread. --misses lists each wrong segment on stderr, --texts
// keeps the texts as lines {"path", "text"}.
// make bench: unpack:$data/web/html-gold/trafilatura-eval-half.tar.zst
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/extraction/pages.h"
#include "bench/machine.h"

#include "aludel/base/json.h"
#include "aludel/text/charset.h"
#include "aludel/text/html/extract.h"

namespace {

using aludel::bench::Counts;
using aludel::bench::Page;

void print_misses(const Page& page, const std::string& text) {
  for (const std::string& segment : page.with) {
    if (text.find(segment) != std::string::npos) continue;
    std::fprintf(stderr, "FN %s\t%s\n", page.file.c_str(), segment.c_str());
  }
  for (const std::string& segment : page.without) {
    if (text.find(segment) == std::string::npos) continue;
    std::fprintf(stderr, "FP %s\t%s\n", page.file.c_str(), segment.c_str());
  }
}

double cpu_seconds_of_all(const std::vector<Page>& pages, std::size_t& text_bytes) {
  const double start = aludel::bench::cpu_seconds();
  text_bytes = 0;
  for (const Page& page : pages) {
    text_bytes +=
        aludel::text::extract_page(aludel::text::decode_to_utf8(page.html).text).text.size();
  }
  return aludel::bench::cpu_seconds() - start;
}

int measure(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: extraction_bench PAGES_DIR [--misses | --texts FILE]\n");
    return 2;
  }
  const bool misses = argc > 2 && std::string_view(argv[2]) == "--misses";
  const bool keep = argc > 3 && std::string_view(argv[2]) == "--texts";
  std::ofstream texts(keep ? argv[3] : "/dev/null");
  const std::vector<Page> pages = aludel::bench::load_pages(argv[1]);
  Counts counts;
  std::size_t bytes = 0;
  for (const Page& page : pages) {
    bytes += page.html.size();
    const std::string html = aludel::text::decode_to_utf8(page.html).text;
    const std::string text = aludel::text::extract_page(html).text;
    aludel::bench::score(page, text, counts);
    if (misses) print_misses(page, text);
    if (keep) aludel::bench::write_text(texts, page, text);
  }
  std::size_t text_bytes = 0;
  std::array<double, 5> seconds{};
  for (double& each : seconds) {
    each = cpu_seconds_of_all(pages, text_bytes);
  }
  std::sort(seconds.begin(), seconds.end());
  const double megabytes = static_cast<double>(bytes) / 1e6;
  aludel::Json out = aludel::Json::object();
  out["bench"] = "extraction";
  out["pages"] = static_cast<std::int64_t>(pages.size());
  out["precision"] = counts.precision();
  out["recall"] = counts.recall();
  out["f"] = counts.f();
  out["false_positives"] = counts.false_positive;
  out["false_negatives"] = counts.false_negative;
  out["html_megabytes"] = megabytes;
  out["text_megabytes"] = static_cast<double>(text_bytes) / 1e6;
  out["megabytes_per_cpu_second"] = megabytes / seconds[2];
  out["megabytes_per_cpu_second_slowest"] = megabytes / seconds.back();
  aludel::bench::add_machine(out, 1);
  std::printf("%s\n", out.dump().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return measure(argc, argv);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "extraction_bench: %s\n", bug.what());
    return 1;
  }
}
