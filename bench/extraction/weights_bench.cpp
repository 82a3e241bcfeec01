// Fits the weights of main-text extraction and measures them on sites they were not fitted to.
// usage: weights_bench PAGES_DIR [--dense DENSE_DIR] [--articles DIR] [--predictions FILE]
// PAGES_DIR holds evaldata.json and html/; DENSE_DIR one folder a page with source.html and
// expected.html (all of the page's main text); the folder of articles ground-truth.json and html/.
// The table of weights goes to stdout. The F of a five-fold cross-validation by site goes to
// stderr, with one line for each of three ways to fold; --predictions keeps the texts of the first
// way, of the articles too, as lines {"path", "text"}.
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
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

std::vector<LabelledPage> read_articles(const std::filesystem::path& folder) {
  std::vector<LabelledPage> pages;
  const auto truth = aludel::parse_json(aludel::bench::file_bytes(folder / "ground-truth.json"));
  if (!truth || !truth.value().is_object()) return pages;
  for (const auto& [id, item] : truth.value().as_object()) {
    aludel::bench::Page page;
    page.file = id + ".html";
    page.html = aludel::bench::file_bytes(folder / "html" / page.file);
    page.site = aludel::bench::site_of(item.string_or("url", id));
    pages.push_back(aludel::bench::read_page(std::move(page)));
    aludel::bench::label_by_text(pages.back(), item.string_or("articleBody", ""), kDensePageWeight);
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

/// Pages by what tells their main text.
struct PageSets {
  std::vector<LabelledPage> segments;
  std::vector<LabelledPage> dense;
  std::vector<LabelledPage> articles;

  Pages all() const {
    Pages pages;
    for (const auto* set : {&segments, &dense, &articles}) {
      for (const LabelledPage& page : *set) {
        pages.push_back(&page);
      }
    }
    return pages;
  }
};

// The text of each page by weights fitted to other sites, by the page's file.
std::map<std::string, std::string> predict(const PageSets& sets, std::uint64_t seed) {
  std::map<std::string, std::string> texts;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    Pages rest;
    for (const LabelledPage* page : sets.all()) {
      if (fold_of(*page, seed) != fold) rest.push_back(page);
    }
    const html::MainTextWeights weights = fit(rest);
    for (const auto* set : {&sets.segments, &sets.articles}) {
      for (const LabelledPage& page : *set) {
        if (fold_of(page, seed) == fold) texts[page.page.file] = extract_with(page, weights);
      }
    }
  }
  return texts;
}

void report(const PageSets& sets, const std::map<std::string, std::string>& texts,
            std::uint64_t seed) {
  Counts counts;
  for (const LabelledPage& page : sets.segments) {
    aludel::bench::score(page.page, texts.at(page.page.file), counts);
  }
  std::fprintf(stderr, "folds %d: precision %.4f recall %.4f F %.4f\n", static_cast<int>(seed),
               counts.precision(), counts.recall(), counts.f());
}

void write_predictions(const PageSets& sets, const std::map<std::string, std::string>& texts,
                       const std::string& path) {
  std::ofstream file(path);
  for (const auto* set : {&sets.segments, &sets.articles}) {
    for (const LabelledPage& page : *set) {
      aludel::bench::write_text(file, page.page, texts.at(page.page.file));
    }
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
                 "usage: weights_bench PAGES_DIR [--dense DENSE_DIR] [--articles DIR] "
                 "[--predictions FILE]\n");
    return 2;
  }
  PageSets sets;
  std::string predictions;
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--dense") sets.dense = read_dense(argv[i + 1]);
    if (option == "--articles") sets.articles = read_articles(argv[i + 1]);
    if (option == "--predictions") predictions = argv[i + 1];
  }
  for (aludel::bench::Page& page : aludel::bench::load_pages(argv[1])) {
    sets.segments.push_back(aludel::bench::read_page(std::move(page)));
    aludel::bench::label_by_segments(sets.segments.back());
  }
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const std::map<std::string, std::string> texts = predict(sets, seed);
    report(sets, texts, seed);
    if (seed == 1 && !predictions.empty()) write_predictions(sets, texts, predictions);
  }
  print_table(fit(sets.all()));
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
