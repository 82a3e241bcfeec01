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

Status in_range(std::string_view name, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[classifier] {} = {}, expected {} to {}", name, value, least, most)};
}

float round_to_bf16(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U);
}

/// The items in an order that only (seed, epoch) decides. Source: Fisher & Yates.
void shuffle(std::vector<std::size_t>& items, std::uint64_t seed, std::uint64_t epoch) {
  Rng rng(seed, epoch);
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[rng.below(i)]);
  }
}

/// One step of AdaGrad on one weight.
void adagrad_step(float& weight, float& squares, float gradient, double learning_rate) {
  squares += gradient * gradient;
  weight -=
      static_cast<float>(learning_rate / std::sqrt(static_cast<double>(squares) + 1e-8)) * gradient;
}

}  // namespace

Status validate(const ClassifierSettings& settings) {
  const FeatureSettings& features = settings.features;
  ALUDEL_TRY(in_range("features.bucket_bits", features.bucket_bits, 8, 26));
  ALUDEL_TRY(in_range("features.word_ngrams", features.word_ngrams, 1, 5));
  ALUDEL_TRY(in_range("features.min_characters", features.min_characters, 0, 8));
  ALUDEL_TRY(
      in_range("features.max_characters", features.max_characters, features.min_characters, 8));
  ALUDEL_TRY(in_range("epochs", settings.epochs, 1, 1000));
  if (!(settings.learning_rate > 0) || !(settings.l2 >= 0)) {
    return Error{Code::invalid_argument,
                 "[classifier] learning_rate must be above 0, l2 at least 0"};
  }
  return Ok{};
}

Result<Classifier> Classifier::train(const ClassifierSettings& settings,
                                     std::span<const LabelledText> examples, bool (*stop)()) {
  ALUDEL_TRY(validate(settings));
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
  // 1. The same total weight for every label.
  std::vector<std::size_t> label_of(examples.size());
  std::vector<double> share(labels, 0);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    label_of[i] = model.find_label(examples[i].label);
    share[label_of[i]] += static_cast<double>(labels) / static_cast<double>(examples.size());
  }
  // 2. Gradient steps on -log p(label), in a new order every epoch.
  std::vector<float> squares(model.weights_.size(), 0);
  std::vector<float> bias_squares(labels, 0);
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::int64_t epoch = 0; epoch < settings.epochs; ++epoch) {
    shuffle(order, static_cast<std::uint64_t>(settings.seed), static_cast<std::uint64_t>(epoch));
    for (const std::size_t i : order) {
      if (stop != nullptr && stop()) return Error{Code::cancelled, "[classifier] stopped"};
      const auto features = extract_features(examples[i].text, settings.features);
      std::vector<float> error = model.probabilities(features);
      error[label_of[i]] -= 1;
      const auto weight = static_cast<float>(1 / share[label_of[i]]);
      for (std::size_t label = 0; label < labels; ++label) {
        error[label] *= weight;
        adagrad_step(model.bias_[label], bias_squares[label], error[label], settings.learning_rate);
      }
      for (const Feature& feature : features) {
        for (std::size_t label = 0; label < labels; ++label) {
          const std::size_t at = feature.bucket * labels + label;
          const float pull = static_cast<float>(settings.l2) * model.weights_[at];
          adagrad_step(model.weights_[at], squares[at], error[label] * feature.value + pull,
                       settings.learning_rate);
        }
      }
    }
  }
  std::ranges::transform(model.weights_, model.weights_.begin(), round_to_bf16);
  return model;
}

}  // namespace aludel::text
