#pragma once

// A linear classifier over hashed n-grams. Its file: docs/formats/classifier.md.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/text/classifier/features.h"
#include "aludel/text/classifier/weight_table.h"

namespace aludel::text {

struct ClassifierSettings {
  FeatureSettings features;
  std::int64_t epochs = 20;
  double learning_rate = 4;
  double l2 = 0.1;
  double rarity = 0.25;
  std::int64_t windows_per_text = 3;
  std::int64_t calibration_folds = 0;
  std::int64_t seed = 1;

  template <class V>
  void visit(V& v) {
    v("features", features, "what of a text is counted");
    v("epochs", epochs, "draws, in sizes of the example set", between(1, 1000));
    v("learning_rate", learning_rate, "the first step; later ones get shorter and end at none",
      above(0).at_most(100));
    v("l2", l2, "pull of the weights to zero; what one example costs weighs 1", between(0, 1000));
    v("rarity", rarity, "power of a feature's rarity by which it is learnt faster", kShare);
    v("windows_per_text", windows_per_text,
      "most windows of one text that are learnt from, spread over it", at_least(1));
    v("calibration_folds", calibration_folds,
      "parts of the examples, each of which a model of the others judges, to find by how much the "
      "model is too sure or too timid; 0: its probabilities are as they are learnt",
      between(0, 100));
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
  /// Learns from the examples by stochastic gradient descent in a seeded order: same input, same
  /// bytes. Every label weighs the same in all, however many examples it has: its examples are
  /// drawn as often as any other's. `stop` is asked between examples.
  /// Errors: invalid_argument for bad settings or fewer than two labels, cancelled.
  /// Source: Bottou 2012, Stochastic Gradient Descent Tricks (steps, one factor for the pull);
  /// Platt 1999 and Guo et al. 2017, arXiv:1706.04599, for the calibration.
  static Result<Classifier> train(const ClassifierSettings& settings,
                                  std::span<const LabelledText> examples, bool (*stop)());

  /// Errors: corrupt_data for bytes that to_bytes() did not write.
  static Result<Classifier> from_bytes(std::string_view bytes);
  std::string to_bytes() const;

  /// Sorted by name.
  const std::vector<std::string>& labels() const { return labels_; }

  /// Index in labels(), or labels().size() for an unknown one.
  std::size_t find_label(std::string_view label) const;

  /// The probability of each label, in their order: of the mean of what the text's windows say.
  std::vector<float> predict(std::string_view text) const;

  /// The logarithms of the probabilities, but for a constant, as predict() has them.
  std::vector<float> logits(std::string_view text) const;

 private:
  static Result<Classifier> learn(const ClassifierSettings& settings,
                                  std::span<const LabelledText> windows, bool (*stop)());
  Status calibrate(const ClassifierSettings& settings, std::span<const LabelledText> examples,
                   bool (*stop)());

  Classifier(const FeatureSettings& features, std::vector<std::string> labels);

  FeatureSettings features_;
  std::vector<std::string> labels_;
  std::vector<float> bias_;  // [label]
  WeightTable weights_;      // [bucket, label]
};

/// exp(value) / sum of exp, in place. REQUIRES: not empty.
void softmax(std::span<float> values);

/// Area under the ROC curve: how often a positive outscores a negative, ties counting half.
/// REQUIRES: positive.size() == scores.size(). NaN, which is `null` in JSON, when either class is
/// missing: then there is nothing to measure.
double area_under_curve(std::span<const double> scores, const std::vector<bool>& positive);

}  // namespace aludel::text
