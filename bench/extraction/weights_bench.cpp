// Fits the weights of main-text extraction and measures them on pages they were not fitted to.
// usage: weights_bench PAGES_DIR [DENSE_DIR] > aludel/text/html/tables/main_text_weights.inc
// PAGES_DIR holds evaldata.json and html/; DENSE_DIR, optional, one folder a page with source.html
// and expected.html (all of the page's main text). The F of a ten-fold cross-validation over the
// pages of PAGES_DIR goes to stderr, with one line for each of three ways to fold.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "bench/extraction/pages.h"

#include "aludel/base/rng.h"
#include "aludel/base/utf8.h"
#include "aludel/text/charset.h"
#include "aludel/text/html/feature.h"
#include "aludel/text/html/main_text.h"
#include "aludel/text/html/render.h"

namespace {

namespace html = aludel::text::html;
using aludel::bench::Counts;
using aludel::bench::Page;

constexpr std::size_t kWeights = html::kFeatureCount + 1;  // the last is the bias
constexpr double kRidge = 10;                              // of standardised weights
constexpr double kDensePageWeight = 4;  // a page with every block labelled weighs as 4 labels
constexpr int kFolds = 10;

struct Sample {
  html::FeatureVector features;
  bool main_text;
  double weight;
};

// A page as blocks, with the labels that its segments give some of them.
struct LabelledPage {
  Page page;
  std::vector<std::string> texts;
  std::vector<html::FeatureVector> features;
  std::vector<Sample> samples;
};

LabelledPage read_page(Page page) {
  LabelledPage labelled;
  const std::string text = aludel::text::decode_to_utf8(page.html).text;
  const html::Tree tree = html::parse_html(text);
  const std::vector<html::Block> blocks = html::blocks_of(tree);
  labelled.features = html::features_of(tree, blocks);
  for (std::uint32_t i = 0; i < blocks.size(); ++i) {
    labelled.texts.push_back(html::render_blocks(tree, blocks, {i}, aludel::text::TextForm::plain));
  }
  labelled.page = std::move(page);
  return labelled;
}

// A segment of the main text labels the longest block with it, one of the rest labels all.
void label_by_segments(LabelledPage& page) {
  std::vector<int> labels(page.texts.size(), -1);
  for (const std::string& segment : page.page.without) {
    for (std::size_t i = 0; i < page.texts.size(); ++i) {
      if (page.texts[i].find(segment) != std::string::npos) labels[i] = 0;
    }
  }
  for (const std::string& segment : page.page.with) {
    std::size_t longest = page.texts.size();
    for (std::size_t i = 0; i < page.texts.size(); ++i) {
      if (page.texts[i].find(segment) == std::string::npos) continue;
      if (longest == page.texts.size() || page.texts[i].size() > page.texts[longest].size())
        longest = i;
    }
    if (longest < page.texts.size()) labels[longest] = 1;
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0) page.samples.push_back({page.features[i], labels[i] == 1, 1.0});
  }
}

// Letters and digits only, so that markup between words does not matter.
std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const bool ascii_letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (ascii_letter || (c & 0x80) != 0) letters += c;
  }
  return letters;
}

// Every block is labelled by whether the expected text has it; short ones only if it has not.
void label_by_expectation(LabelledPage& page, const std::string& expected) {
  const html::Tree tree = html::parse_html(expected);
  const std::string wanted = letters_of(tree.text);
  bool any = false;
  for (std::size_t i = 0; i < page.texts.size(); ++i) {
    const std::string letters = letters_of(page.texts[i]);
    const bool found = wanted.find(letters) != std::string::npos;
    if (letters.size() < 2 || (found && letters.size() < 12)) continue;
    page.samples.push_back({page.features[i], found, 1.0});
    any = any || found;
  }
  if (!any) page.samples.clear();  // the expectation is of another text
  for (Sample& sample : page.samples) {
    sample.weight = kDensePageWeight / static_cast<double>(page.samples.size());
  }
}

std::vector<LabelledPage> read_dense(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> places;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    places.push_back(entry.path());
  }
  std::sort(places.begin(), places.end());
  std::vector<LabelledPage> pages;
  for (const auto& place : places) {
    Page page;
    page.html = aludel::bench::file_bytes(place / "source.html");
    pages.push_back(read_page(std::move(page)));
    label_by_expectation(pages.back(), aludel::bench::file_bytes(place / "expected.html"));
  }
  return pages;
}

// Solves the symmetric positive definite system in place (Cholesky); the answer is left in `right`.
void solve(std::vector<double>& matrix, std::vector<double>& right) {
  const std::size_t n = right.size();
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = matrix[row * n + column];
      for (std::size_t k = 0; k < column; ++k) {
        sum -= matrix[row * n + k] * matrix[column * n + k];
      }
      matrix[row * n + column] = row == column ? std::sqrt(sum) : sum / matrix[column * n + column];
    }
  }
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t k = 0; k < row; ++k) {
      right[row] -= matrix[row * n + k] * right[k];
    }
    right[row] /= matrix[row * n + row];
  }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t k = row + 1; k < n; ++k) {
      right[row] -= matrix[k * n + row] * right[k];
    }
    right[row] /= matrix[row * n + row];
  }
}

// Logistic regression with an L2 penalty, by Newton's method on standardised features.
class Regression {
 public:
  explicit Regression(const std::vector<const Sample*>& samples) : samples_(samples) {
    standardise();
  }

  std::vector<double> fit() {
    std::vector<double> weights(kWeights, 0.0);
    for (int step = 0; step < 12; ++step) {
      newton_step(weights);
    }
    for (std::size_t i = 0; i + 1 < kWeights; ++i) {
      weights[i] /= deviation_[i];
      weights.back() -= weights[i] * mean_[i];
    }
    return weights;
  }

 private:
  void standardise() {
    mean_.assign(kWeights, 0.0);
    deviation_.assign(kWeights, 0.0);
    double total = 0;
    for (const Sample* sample : samples_) {
      total += sample->weight;
      for (std::size_t i = 0; i + 1 < kWeights; ++i) {
        mean_[i] += sample->weight * static_cast<double>(sample->features[i]);
        deviation_[i] += sample->weight * std::pow(static_cast<double>(sample->features[i]), 2);
      }
    }
    for (std::size_t i = 0; i + 1 < kWeights; ++i) {
      mean_[i] /= total;
      const double variance = deviation_[i] / total - mean_[i] * mean_[i];
      deviation_[i] = variance < 1e-9 ? 1e9 : std::sqrt(variance);  // 1e9: a constant says nothing
    }
  }

  void newton_step(std::vector<double>& weights) const {
    std::vector<double> hessian(kWeights * kWeights, 0.0);
    std::vector<double> gradient(kWeights, 0.0);
    std::vector<double> x(kWeights, 1.0);
    for (const Sample* sample : samples_) {
      double odds = weights.back();
      for (std::size_t i = 0; i + 1 < kWeights; ++i) {
        x[i] = (static_cast<double>(sample->features[i]) - mean_[i]) / deviation_[i];
        odds += weights[i] * x[i];
      }
      const double p = 1 / (1 + std::exp(-std::clamp(odds, -30.0, 30.0)));
      const double error = sample->weight * (p - (sample->main_text ? 1.0 : 0.0));
      const double curvature = sample->weight * std::max(p * (1 - p), 1e-4);
      for (std::size_t row = 0; row < kWeights; ++row) {
        gradient[row] += error * x[row];
        for (std::size_t column = 0; column <= row; ++column) {
          hessian[row * kWeights + column] += curvature * x[row] * x[column];
        }
      }
    }
    for (std::size_t i = 0; i < kWeights; ++i) {
      const double ridge = i + 1 < kWeights ? kRidge : 1e-6;
      hessian[i * kWeights + i] += ridge;
      gradient[i] += ridge * weights[i];
    }
    solve(hessian, gradient);
    for (std::size_t i = 0; i < kWeights; ++i) {
      weights[i] -= gradient[i];
    }
  }

  const std::vector<const Sample*>& samples_;
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

void add_samples(const LabelledPage& page, std::vector<const Sample*>& samples) {
  for (const Sample& sample : page.samples) {
    samples.push_back(&sample);
  }
}

std::string extract_with(const LabelledPage& page, const std::vector<double>& weights) {
  std::string text;
  for (std::size_t block = 0; block < page.texts.size(); ++block) {
    double odds = weights.back();
    for (std::size_t i = 0; i + 1 < kWeights; ++i) {
      odds += weights[i] * static_cast<double>(page.features[block][i]);
    }
    if (odds > 0) text += page.texts[block] + "\n";
  }
  return text;
}

void cross_validate(const std::vector<LabelledPage>& pages, const std::vector<LabelledPage>& dense,
                    std::uint64_t seed) {
  Counts counts;
  std::vector<std::size_t> fold_of;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    fold_of.push_back(aludel::Rng(seed, i).next() % kFolds);
  }
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<const Sample*> samples;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (fold_of[i] != fold) add_samples(pages[i], samples);
    }
    for (const LabelledPage& page : dense) {
      add_samples(page, samples);
    }
    const std::vector<double> weights = Regression(samples).fit();
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (fold_of[i] == fold)
        aludel::bench::score(pages[i].page, extract_with(pages[i], weights), counts);
    }
  }
  std::fprintf(stderr, "seed %d: precision %.4f recall %.4f F %.4f\n", static_cast<int>(seed),
               counts.precision(), counts.recall(), counts.f());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: weights_bench PAGES_DIR [DENSE_DIR]\n");
    return 2;
  }
  std::vector<LabelledPage> pages;
  for (Page& page : aludel::bench::load_pages(argv[1])) {
    pages.push_back(read_page(std::move(page)));
    label_by_segments(pages.back());
  }
  const std::vector<LabelledPage> dense =
      argc > 2 ? read_dense(argv[2]) : std::vector<LabelledPage>();
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    cross_validate(pages, dense, seed);
  }
  std::vector<const Sample*> samples;
  for (const LabelledPage& page : pages) {
    add_samples(page, samples);
  }
  for (const LabelledPage& page : dense) {
    add_samples(page, samples);
  }
  const std::vector<double> weights = Regression(samples).fit();
  std::printf("// Generated by bench/extraction/weights_bench.cpp. Do not edit.\n");
  for (std::size_t i = 0; i < html::kFeatureCount; ++i) {
    std::printf("{\"%s\", %.6fF},\n", std::string(html::feature_name(i)).c_str(), weights[i]);
  }
  std::printf("{\"bias\", %.6fF},\n", weights.back());
  return 0;
}
