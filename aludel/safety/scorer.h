#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/safety/lexicon.h"
#include "aludel/safety/taxonomy.h"
#include "aludel/text/classifier/classifier.h"

namespace aludel::safety {

/// What is known of one class in a text.
struct SafetyScore {
  double lexicon = 0;          // 0 to 1, from phrases found and their density
  std::optional<float> model;  // probability, where a trained model knows the class

  /// The larger of the two.
  double value() const;
};

using ClassScores = std::array<SafetyScore, kSafetyClassCount>;  // by SafetyClass

struct SafetyScores {
  ClassScores classes{};
  std::vector<LexiconHit> hits;

  const SafetyScore& of(SafetyClass which) const;
  SafetyClass strongest() const;
};

/// Scores a text for every class: the one engine of the data filter, of training data and of the
/// server's guards for prompts and replies. score() may be called concurrently.
class SafetyScorer {
 public:
  /// `model` is a text classifier whose labels are names of classes and kSafeLabel; classes that it
  /// lacks, and all without a model, are scored by lexicon only. Errors: invalid_argument for a
  /// list.
  static Result<SafetyScorer> create(std::span<const LexiconList> more = {},
                                     std::optional<text::Classifier> model = std::nullopt);

  /// `title`: the page's, if it has one. Its phrases count as the text's do, two different ones of
  /// a class by themselves; `hits` are those of the text. The model reads the text alone.
  SafetyScores score(std::string_view text, std::string_view title = {}) const;

  /// Whether a trained model knows the class; if not, its scores are "lexicon only, unmeasured".
  bool has_model(SafetyClass which) const;

 private:
  explicit SafetyScorer(Lexicon lexicon) : lexicon_(std::move(lexicon)) {}

  Lexicon lexicon_;
  std::optional<text::Classifier> model_;
  std::array<std::size_t, kSafetyClassCount> labels_{};  // of each class in the model
};

}  // namespace aludel::safety
