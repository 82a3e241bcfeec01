#pragma once

// A linear classifier over hashed n-grams. Its file: docs/formats/classifier.md.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/text/classifier/features.h"

namespace aludel::text {

struct ClassifierSettings {
  FeatureSettings features;
  std::int64_t epochs = 5;
  double learning_rate = 0.1;
  double l2 = 1e-6;
  std::int64_t seed = 1;

  template <class V>
  void visit(V& v) {
    v("features", features, "what of a text is counted");
    v("epochs", epochs, "times every example is seen");
    v("learning_rate", learning_rate, "AdaGrad's step");
    v("l2", l2, "pull of the weights to zero, per example");
    v("seed", seed, "order of the examples");
  }
};

/// Errors: invalid_argument for values outside the ranges their help states.
Status validate(const ClassifierSettings& settings);

struct LabelledText {
  std::string_view text;
  std::string_view label;
};

/// Softmax regression. Concurrent calls of const functions: yes.
class Classifier {
 public:
  /// Learns from the examples by AdaGrad in a seeded order: same input, same bytes. Every label
  /// weighs the same in all, however many examples it has. `stop` is asked between examples.
  /// Errors: invalid_argument for bad settings or fewer than two labels, cancelled.
  /// Source: Duchi et al. 2011 (AdaGrad).
  static Result<Classifier> train(const ClassifierSettings& settings,
                                  std::span<const LabelledText> examples, bool (*stop)());

  /// Errors: corrupt_data for bytes that to_bytes() did not write.
  static Result<Classifier> from_bytes(std::string_view bytes);
  std::string to_bytes() const;

  /// Sorted by name.
  const std::vector<std::string>& labels() const { return labels_; }

  /// Index in labels(), or labels().size() for an unknown one.
  std::size_t find_label(std::string_view label) const;

  /// The probability of each label, in their order.
  std::vector<float> predict(std::string_view text) const;

 private:
  Classifier(const FeatureSettings& features, std::vector<std::string> labels);
  std::vector<float> probabilities(std::span<const Feature> features) const;

  FeatureSettings features_;
  std::vector<std::string> labels_;
  std::vector<float> bias_;     // [label]
  std::vector<float> weights_;  // [bucket, label], values of bf16
};

/// Area under the ROC curve: how often a positive outscores a negative, ties counting half.
/// REQUIRES: positive.size() == scores.size(). NaN, which is `null` in JSON, when either class is
/// missing: then there is nothing to measure.
double area_under_curve(std::span<const double> scores, const std::vector<bool>& positive);

}  // namespace aludel::text
