#include "aludel/text/classifier/classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "aludel/base/check.h"

namespace aludel::text {

Classifier::Classifier(const FeatureSettings& features, std::vector<std::string> labels)
    : features_(features),
      labels_(std::move(labels)),
      bias_(labels_.size(), 0),
      weights_(std::size_t{1} << features.bucket_bits, labels_.size()) {}

std::size_t Classifier::find_label(std::string_view label) const {
  const auto place = std::ranges::lower_bound(labels_, label);
  if (place == labels_.end() || *place != label) return labels_.size();
  return static_cast<std::size_t>(place - labels_.begin());
}

std::vector<float> Classifier::predict(std::string_view text) const {
  std::vector<float> values = logits(text);
  softmax(values);
  return values;
}

std::vector<float> Classifier::logits(std::string_view text) const {
  const std::vector<Word> words = split_words(text, Case::folded);
  const auto windows = windows_of(words, features_);
  std::vector<float> sum(labels_.size(), 0);
  for (const std::span<const Word> window : windows) {
    weights_.add_rows(extract_features(text, window, features_), sum);
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = bias_[i] + sum[i] / static_cast<float>(windows.size());
  }
  return sum;
}

void softmax(std::span<float> values) {
  const float largest = *std::ranges::max_element(values);
  float sum = 0;
  for (float& value : values) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (float& value : values) {
    value /= sum;
  }
}

double area_under_curve(std::span<const double> scores, const std::vector<bool>& positive) {
  ALUDEL_CHECK(scores.size() == positive.size(), "one label a score");
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double wins = 0;
  double negatives = 0;
  double positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    double tied_positives = 0;
    double tied_negatives = 0;
    const double score = scores[order[i]];
    for (; i < order.size() && scores[order[i]] == score; ++i) {
      (positive[order[i]] ? tied_positives : tied_negatives) += 1;
    }
    wins += tied_positives * (negatives + tied_negatives / 2);
    negatives += tied_negatives;
    positives += tied_positives;
  }
  if (positives == 0 || negatives == 0) return std::numeric_limits<double>::quiet_NaN();
  return wins / (positives * negatives);
}

}  // namespace aludel::text
