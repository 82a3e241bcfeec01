// Fits the weights of main-text extraction and measures them on sites they were not fitted to.
// usage: weights_bench PAGES_DIR [--dense DENSE_DIR] [--predictions FILE]
// PAGES_DIR holds evaldata.json and html/; DENSE_DIR one folder a page with source.html and
// expected.html (all of the page's main text). The table of weights goes to stdout. The F of a
// five-fold cross-validation by site goes to stderr, with one line for each of three ways to fold;
// --predictions keeps the texts of the first way, as lines {"path", "text"}.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bench/extraction/labels.h"
#include "bench/extraction/pages.h"
#include "bench/extraction/regression.h"

#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/text/html/main_text.h"

namespace {

namespace html = aludel::text::html;
using aludel::bench::Counts;
using aludel::bench::Example;
using aludel::bench::Label;
using aludel::bench::LabelledPage;

constexpr double kRidge = 30;
constexpr double kDensePageWeight = 4;
constexpr std::size_t kFolds = 5;
constexpr std::uint64_t kStackingSeed = 99;  // of the folds inside a training set

using Pages = std::vector<const LabelledPage*>;

std::size_t fold_of(const LabelledPage& page, std::uint64_t seed) {
  return aludel::Rng(seed, aludel::hash64(page.page.site)).next() % kFolds;
}

// What a page says its address is; "" if it does not.
std::string own_url(const std::string& page) {
  for (const char* name : {"og:url", "canonical"}) {
    const std::size_t at = page.find(name);
    if (at == std::string::npos) continue;
    const std::size_t begin = page.rfind('<', at);
    const std::size_t end = page.find('>', at);
    const std::size_t url = begin == std::string::npos ? begin : page.find("http", begin);
    if (url == std::string::npos || url >= end) continue;
    return page.substr(url, page.find_first_of("\"'> ", url) - url);
  }
  return "";
}

std::vector<LabelledPage> read_dense(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> places;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (std::filesystem::exists(entry.path() / "expected.html")) places.push_back(entry.path());
  }
  std::sort(places.begin(), places.end());
  std::vector<LabelledPage> pages;
  for (const auto& place : places) {
    aludel::bench::Page page;
    page.html = aludel::bench::file_bytes(place / "source.html");
    const std::string url = own_url(page.html);
    page.site = url.empty() ? place.filename().string() : aludel::bench::site_of(url);
    pages.push_back(aludel::bench::read_page(std::move(page)));
    aludel::bench::label_by_expectation(
        pages.back(), aludel::bench::file_bytes(place / "expected.html"), kDensePageWeight);
  }
  return pages;
}

template <std::size_t kSize>
std::array<float, kSize> fit_regression(const std::vector<Example>& examples) {
  const std::vector<double> fitted = aludel::bench::Regression(examples, kRidge).fit();
  std::array<float, kSize> weights{};
  std::transform(fitted.begin(), fitted.end(), weights.begin(),
                 [](double weight) { return static_cast<float>(weight); });
  return weights;
}

void fit_first(const Pages& pages, html::MainTextWeights& weights) {
  std::vector<Example> examples;
  for (const LabelledPage* page : pages) {
    for (const Label& label : page->labels) {
      const html::FeatureVector& f = page->features[label.block];
      examples.push_back({{f.begin(), f.end()}, label.main_text, label.weight});
    }
  }
  weights.first = fit_regression<html::kFeatureCount + 1>(examples);
}

// The second regression must see scores as they are on new pages: of a first regression that was
// fitted without the page's site.
void add_second_examples(const Pages& pages, std::size_t fold, std::vector<Example>& examples) {
  Pages rest;
  for (const LabelledPage* page : pages) {
    if (fold_of(*page, kStackingSeed) != fold) rest.push_back(page);
  }
  html::MainTextWeights weights;
  fit_first(rest, weights);
  for (const LabelledPage* page : pages) {
    if (fold_of(*page, kStackingSeed) != fold || page->labels.empty()) continue;
    std::vector<float> scores;
    for (const html::FeatureVector& features : page->features) {
      scores.push_back(html::own_score(features, weights).first);
    }
    const html::PageContext context(page->blocks, scores);
    for (const Label& label : page->labels) {
      const html::FeatureVector& f = page->features[label.block];
      const html::ContextVector c = context.of(label.block);
      Example example{{f.begin(), f.end()}, label.main_text, label.weight};
      example.inputs.insert(example.inputs.end(), c.begin(), c.end());
      examples.push_back(std::move(example));
    }
  }
}

html::MainTextWeights fit(const Pages& pages) {
  html::MainTextWeights weights;
  fit_first(pages, weights);
  std::vector<Example> examples;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    add_second_examples(pages, fold, examples);
  }
  weights.second = fit_regression<html::kSecondInputs + 1>(examples);
  return weights;
}

std::string extract_with(const LabelledPage& page, const html::MainTextWeights& weights) {
  std::vector<html::OwnScore> own;
  for (const html::FeatureVector& features : page.features) {
    own.push_back(html::own_score(features, weights));
  }
  const std::vector<float> scores = html::main_text_scores(page.blocks, own, weights);
  return html::render_blocks(page.tree, page.blocks,
                             html::choose_main_blocks(page.tree, page.blocks, scores),
                             aludel::text::TextForm::plain);
}

// The text of each page by weights fitted to other sites.
std::vector<std::string> predict(const std::vector<LabelledPage>& pages,
                                 const std::vector<LabelledPage>& dense, std::uint64_t seed) {
  std::vector<std::string> texts(pages.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    Pages rest;
    for (const LabelledPage& page : pages) {
      if (fold_of(page, seed) != fold) rest.push_back(&page);
    }
    for (const LabelledPage& page : dense) {
      if (fold_of(page, seed) != fold) rest.push_back(&page);
    }
    const html::MainTextWeights weights = fit(rest);
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (fold_of(pages[i], seed) == fold) texts[i] = extract_with(pages[i], weights);
    }
  }
  return texts;
}

void report(const std::vector<LabelledPage>& pages, const std::vector<std::string>& texts,
            std::uint64_t seed) {
  Counts counts;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    aludel::bench::score(pages[i].page, texts[i], counts);
  }
  std::fprintf(stderr, "folds %d: precision %.4f recall %.4f F %.4f\n", static_cast<int>(seed),
               counts.precision(), counts.recall(), counts.f());
}

void write_predictions(const std::vector<LabelledPage>& pages,
                       const std::vector<std::string>& texts, const std::string& path) {
  std::ofstream file(path);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    aludel::bench::write_text(file, pages[i].page, texts[i]);
  }
}

void print_table(const html::MainTextWeights& weights) {
  std::printf("// Generated by bench/extraction/weights_bench.cpp. Do not edit.\n");
  for (std::size_t i = 0; i < html::kSecondInputs; ++i) {
    const bool own = i < html::kFeatureCount;
    const std::string name(own ? html::feature_name(i)
                               : html::context_name(i - html::kFeatureCount));
    std::printf("{\"%s\", %.6fF, %.6fF},\n", name.c_str(),
                own ? static_cast<double>(weights.first[i]) : 0.0,
                static_cast<double>(weights.second[i]));
  }
  std::printf("{\"bias\", %.6fF, %.6fF},\n", static_cast<double>(weights.first.back()),
              static_cast<double>(weights.second.back()));
}

int fit_and_measure(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: weights_bench PAGES_DIR [--dense DENSE_DIR] [--predictions FILE]\n");
    return 2;
  }
  std::string dense_folder;
  std::string predictions;
  for (int i = 2; i + 1 < argc; i += 2) {
    (std::string_view(argv[i]) == "--dense" ? dense_folder : predictions) = argv[i + 1];
  }
  std::vector<LabelledPage> pages;
  for (aludel::bench::Page& page : aludel::bench::load_pages(argv[1])) {
    pages.push_back(aludel::bench::read_page(std::move(page)));
    aludel::bench::label_by_segments(pages.back());
  }
  std::vector<LabelledPage> dense;
  if (!dense_folder.empty()) dense = read_dense(dense_folder);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const std::vector<std::string> texts = predict(pages, dense, seed);
    report(pages, texts, seed);
    if (seed == 1 && !predictions.empty()) write_predictions(pages, texts, predictions);
  }
  Pages all;
  for (const LabelledPage& page : pages) {
    all.push_back(&page);
  }
  for (const LabelledPage& page : dense) {
    all.push_back(&page);
  }
  print_table(fit(all));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return fit_and_measure(argc, argv);
  } catch (const std::exception& bug) {
    std::fprintf(stderr, "weights_bench: %s\n", bug.what());
    return 1;
  }
}
