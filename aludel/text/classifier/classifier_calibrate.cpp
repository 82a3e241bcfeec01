#include <algorithm>
#include <cmath>
#include <vector>

#include "aludel/base/rng.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::text {
namespace {

constexpr int kCalibrationSteps = 2000;
constexpr double kCalibrationRate = 0.5;
constexpr double kMinSpread = 0.01;  // of the logits when they are calibrated
constexpr double kMaxSpread = 100;

/// What a model said of a text that it had not learnt from.
struct HeldOutText {
  std::vector<float> logits;
  std::size_t label;
};

/// logits x scale + shift[label]
struct Calibration {
  double scale = 1;
  std::vector<double> shift;
};

std::vector<double> calibrated_probabilities(const HeldOutText& text,
                                             const Calibration& calibration) {
  std::vector<double> values(text.logits.size());
  double most = -1e300;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<double>(text.logits[i]) * calibration.scale + calibration.shift[i];
    most = std::max(most, values[i]);
  }
  double sum = 0;
  for (double& value : values) {
    value = std::exp(value - most);
    sum += value;
  }
  for (double& value : values) {
    value /= sum;
  }
  return values;
}

/// Goes down the gradient of the mean of -log p(label), which is convex in scale and shifts. Steps
/// are measured in the logits' own spread, so that their size does not matter.
Calibration fit_calibration(const std::vector<HeldOutText>& held_out, std::size_t labels) {
  Calibration calibration{1, std::vector<double>(labels, 0)};
  double squares = 0;
  for (const HeldOutText& text : held_out) {
    for (const float value : text.logits) {
      squares += static_cast<double>(value) * value / static_cast<double>(labels);
    }
  }
  const auto count = static_cast<double>(held_out.size());
  const double spread = std::max(std::sqrt(squares / count), 1e-6);
  for (int step = 0; step < kCalibrationSteps; ++step) {
    double by_scale = 0;
    std::vector<double> by_shift(labels, 0);
    for (const HeldOutText& text : held_out) {
      std::vector<double> error = calibrated_probabilities(text, calibration);
      error[text.label] -= 1;
      for (std::size_t i = 0; i < labels; ++i) {
        by_scale += error[i] * static_cast<double>(text.logits[i]) / count;
        by_shift[i] += error[i] / count;
      }
    }
    calibration.scale -= kCalibrationRate * by_scale / (spread * spread);
    calibration.scale = std::clamp(calibration.scale, kMinSpread / spread, kMaxSpread / spread);
    for (std::size_t i = 0; i < labels; ++i) {
      calibration.shift[i] -= kCalibrationRate * by_shift[i];
    }
  }
  return calibration;
}

}  // namespace

Status Classifier::calibrate(const ClassifierSettings& settings,
                             std::span<const LabelledText> examples, bool (*stop)()) {
  ClassifierSettings plain = settings;
  plain.calibration_folds = 0;
  const auto folds = static_cast<std::size_t>(settings.calibration_folds);
  const auto seed = static_cast<std::uint64_t>(settings.seed);
  // 1. Deals each label's examples out in turn, from a fold that the seed decides.
  std::vector<std::size_t> next(labels_.size());
  for (std::size_t label = 0; label < next.size(); ++label) {
    next[label] = Rng(seed, label).below(folds);
  }
  std::vector<std::size_t> fold_of(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    fold_of[i] = next[find_label(examples[i].label)]++ % folds;
  }
  // 2. Lets a model of the other folds judge each fold.
  std::vector<HeldOutText> held_out;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<LabelledText> learnt;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (fold_of[i] != fold) learnt.push_back(examples[i]);
    }
    const Classifier model = ALUDEL_TRY(train(plain, learnt, stop));
    if (model.labels() != labels_) {
      return Error{Code::invalid_argument,
                   "[classifier] a label has too few examples for calibration_folds"};
    }
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (fold_of[i] != fold) continue;
      held_out.push_back({model.logits(examples[i].text), find_label(examples[i].label)});
    }
  }
  // 3. Makes what was found part of the weights: the mean of windows stays the mean.
  const Calibration calibration = fit_calibration(held_out, labels_.size());
  const auto scale = static_cast<float>(calibration.scale);
  for (std::size_t i = 0; i < bias_.size(); ++i) {
    bias_[i] = bias_[i] * scale + static_cast<float>(calibration.shift[i]);
  }
  for (std::size_t bucket = 0; bucket < weights_.buckets(); ++bucket) {
    for (std::uint16_t& bits : weights_.row(bucket)) {
      bits = to_bf16_bits(from_bf16_bits(bits) * scale);
    }
  }
  return Ok{};
}

}  // namespace aludel::text
