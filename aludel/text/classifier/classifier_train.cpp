#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "aludel/base/rng.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::text {
namespace {

/// The items in an order that only (seed, epoch) decides. Source: Fisher & Yates.
void shuffle(std::vector<std::size_t>& items, std::uint64_t seed, std::uint64_t epoch) {
  Rng rng(seed, epoch);
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[rng.below(i)]);
  }
}

/// Examples of each label in turn, so that every label is drawn equally often: its list is gone
/// through in a new order each time it has ended.
class BalancedDraws {
 public:
  BalancedDraws(std::vector<std::vector<std::size_t>> examples, std::uint64_t seed)
      : lists_(std::move(examples)), seed_(seed), drawn_(lists_.size(), 0) {}

  /// The next example of the label.
  std::size_t next(std::size_t label) {
    std::vector<std::size_t>& list = lists_[label];
    const std::size_t place = drawn_[label] % list.size();
    if (place == 0) shuffle(list, seed_, drawn_[label] / list.size() * lists_.size() + label);
    ++drawn_[label];
    return list[place];
  }

 private:
  std::vector<std::vector<std::size_t>> lists_;  // [label]
  std::uint64_t seed_;
  std::vector<std::size_t> drawn_;  // [label]
};

/// What each bucket's values are multiplied by while weights are learnt: (examples / examples that
/// have it)^rarity, so that the pull to zero and the step's length favour the rare, and a constant
/// by which the examples keep a length of 1 (root mean square). Empty where `stop` said so.
std::vector<float> scales_of(const ClassifierSettings& settings,
                             std::span<const LabelledText> examples, bool (*stop)()) {
  const std::size_t buckets = std::size_t{1} << settings.features.bucket_bits;
  std::vector<std::uint32_t> examples_with(buckets, 0);
  std::vector<double> squares(buckets, 0);
  for (const LabelledText& example : examples) {
    if (stop != nullptr && stop()) return {};
    for (const Feature& feature : extract_features(example.text, settings.features)) {
      ++examples_with[feature.bucket];
      squares[feature.bucket] += static_cast<double>(feature.value) * feature.value;
    }
  }
  std::vector<float> scales(buckets, 1);
  double sum = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    if (examples_with[bucket] == 0) continue;
    const double share = examples_with[bucket] / static_cast<double>(examples.size());
    scales[bucket] = static_cast<float>(std::pow(share, -settings.rarity));
    sum += static_cast<double>(scales[bucket]) * scales[bucket] * squares[bucket];
  }
  const auto unit =
      static_cast<float>(std::sqrt(static_cast<double>(examples.size()) / std::max(sum, 1e-12)));
  for (float& scale : scales) {
    scale *= unit;
  }
  return scales;
}

/// Weights while they are learnt: f32, and all multiplied by one factor, so that their pull to zero
/// costs a step nothing.
class Descent {
 public:
  Descent(std::size_t buckets, std::size_t labels)
      : labels_(labels), bias_(labels, 0), weights_(buckets * labels, 0), error_(labels) {}

  /// One step down the gradient of -log p(label) + l2 / 2 * |weights|^2.
  void step(std::span<const Feature> features, std::size_t label, double rate, double l2) {
    std::ranges::fill(error_, 0.0F);
    for (const Feature& feature : features) {
      const float* row = &weights_[feature.bucket * labels_];
      for (std::size_t i = 0; i < labels_; ++i) {
        error_[i] += feature.value * row[i];
      }
    }
    for (std::size_t i = 0; i < labels_; ++i) {
      error_[i] = bias_[i] + factor_ * error_[i];
    }
    softmax(error_);
    error_[label] -= 1;
    factor_ /= static_cast<float>(1 + rate * l2);  // the implicit step: it never changes a sign
    if (factor_ < kSmallestFactor) multiply_out();
    for (std::size_t i = 0; i < labels_; ++i) {
      error_[i] *= static_cast<float>(rate);
      bias_[i] -= error_[i];
      error_[i] /= factor_;
    }
    for (const Feature& feature : features) {
      float* row = &weights_[feature.bucket * labels_];
      for (std::size_t i = 0; i < labels_; ++i) {
        row[i] -= feature.value * error_[i];
      }
    }
  }

  const std::vector<float>& bias() const { return bias_; }

  /// The weights as they are for features that were not multiplied by their scale.
  void write(std::span<const float> scales, WeightTable& table) {
    multiply_out();
    for (std::size_t bucket = 0; bucket < table.buckets(); ++bucket) {
      const std::span row(&weights_[bucket * labels_], labels_);
      std::ranges::transform(row, table.row(bucket).begin(),
                             [&](float weight) { return to_bf16_bits(weight * scales[bucket]); });
    }
  }

 private:
  static constexpr float kSmallestFactor = 1e-6F;

  void multiply_out() {
    for (float& weight : weights_) {
      weight *= factor_;
    }
    factor_ = 1;
  }

  std::size_t labels_;
  std::vector<float> bias_;     // [label]
  std::vector<float> weights_;  // [bucket, label], to be multiplied by factor_
  float factor_ = 1;
  std::vector<float> error_;  // [label]: p - 1 of the true one, p of the others
};

/// The parts of an example's text that are learnt from.
void append_windows(const LabelledText& example, const ClassifierSettings& settings,
                    std::vector<LabelledText>& out) {
  const std::vector<Word> words = split_words(example.text, Case::folded);
  const auto windows = windows_of(words, settings.features);
  const std::size_t most =
      std::min(windows.size(), static_cast<std::size_t>(settings.windows_per_text));
  if (windows.size() == 1) return out.push_back(example);
  for (std::size_t i = 0; i < most; ++i) {
    const std::span<const Word> window = windows[windows.size() * i / most];
    const std::size_t begin = window.front().begin;
    out.push_back({example.text.substr(begin, window.back().end - begin), example.label});
  }
}

}  // namespace

Status validate(const ClassifierSettings& settings) {
  ALUDEL_TRY(check_config(settings, "classifier"));
  const FeatureSettings& features = settings.features;
  if (features.max_characters >= features.min_characters) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[classifier] features.max_characters is {}, below min_characters, {}",
                           features.max_characters, features.min_characters)};
}

Result<Classifier> Classifier::train(const ClassifierSettings& settings,
                                     std::span<const LabelledText> examples, bool (*stop)()) {
  ALUDEL_TRY(validate(settings));
  std::vector<LabelledText> windows;
  for (const LabelledText& example : examples) {
    append_windows(example, settings, windows);
  }
  Classifier model = ALUDEL_TRY(learn(settings, windows, stop));
  if (settings.calibration_folds > 1) ALUDEL_TRY(model.calibrate(settings, examples, stop));
  return model;
}

Result<Classifier> Classifier::learn(const ClassifierSettings& settings,
                                     std::span<const LabelledText> examples, bool (*stop)()) {
  std::set<std::string> names;
  for (const LabelledText& example : examples) {
    names.emplace(example.label);
  }
  if (names.size() < 2) {
    return Error{Code::invalid_argument,
                 fmt::format("[classifier] {} labels, expected two or more", names.size())};
  }
  Classifier model(settings.features, {names.begin(), names.end()});
  const std::size_t labels = names.size();
  std::vector<std::vector<std::size_t>> examples_of(labels);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    examples_of[model.find_label(examples[i].label)].push_back(i);
  }
  const Error stopped{Code::cancelled, "[classifier] stopped"};
  const std::vector<float> scales = scales_of(settings, examples, stop);
  if (scales.empty()) return stopped;
  const auto seed = static_cast<std::uint64_t>(settings.seed);
  BalancedDraws draws(std::move(examples_of), seed);
  std::vector<std::size_t> turns(labels);
  std::iota(turns.begin(), turns.end(), std::size_t{0});
  Descent descent(model.weights_.buckets(), labels);
  const double pull = settings.l2 / static_cast<double>(examples.size());
  const std::size_t steps = examples.size() * static_cast<std::size_t>(settings.epochs);
  for (std::size_t step = 0; step < steps; ++step) {
    if (stop != nullptr && stop()) return stopped;
    // 1. The labels take turns in a new order every round, so that each weighs the same in all.
    if (step % labels == 0) shuffle(turns, ~seed, step);
    const std::size_t label = turns[step % labels];
    const LabelledText& example = examples[draws.next(label)];
    std::vector<Feature> features = extract_features(example.text, settings.features);
    for (Feature& feature : features) {
      feature.value *= scales[feature.bucket];
    }
    // 2. Steps get shorter and end at none.
    const double left = 1 - static_cast<double>(step) / static_cast<double>(steps);
    descent.step(features, label, settings.learning_rate * left, pull);
  }
  model.bias_ = descent.bias();
  descent.write(scales, model.weights_);
  return model;
}

}  // namespace aludel::text
