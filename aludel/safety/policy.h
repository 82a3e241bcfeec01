#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aludel/base/config.h"
#include "aludel/base/result.h"
#include "aludel/safety/scorer.h"
#include "aludel/safety/taxonomy.h"

namespace aludel::safety {

/// What a user sets of a policy and of the scorer that it goes by.
struct SafetySettings {
  double threshold = 0.5;
  double model_threshold = 0.95;
  bool lexicon_only = false;
  std::vector<std::string> mask;
  std::vector<std::string> tag;
  std::vector<std::string> lists;

  template <class V>
  void visit(V& v) {
    v("threshold", threshold, "lexicon score, 0 to 1, from which a document is of a class",
      at_least(0))
        .read_at = ReadAt::decision;
    v("model_threshold", model_threshold,
      "probability by the trained model from which a document is of a class", at_least(0))
        .read_at = ReadAt::decision;
    v("lexicon_only", lexicon_only, "judge without the trained model, by phrases alone");
    v("mask", mask, "classes whose sentences are removed and the document kept",
      one_of(safety_classes()))
        .read_at = ReadAt::decision;
    v("tag", tag,
      "classes that are noted only, also where mask names them; all others drop the document",
      one_of(safety_classes()))
        .read_at = ReadAt::decision;
    v("lists", lists,
      "further word lists, class=path: a phrase a line, a weight of 1 to 5 before it");
  }
};

/// What a class calls for. Drop: the text is unfit. Mask: its sentences of the class are removed.
/// Tag: it is only said.
enum class SafetyAction : std::uint8_t { drop, mask, tag };

/// What a policy decides about a text.
struct SafetyDecision {
  std::vector<SafetyClass> found;        // the classes that it is of, in their order
  std::optional<SafetyClass> drops_for;  // of those that drop it, the one with the highest score
  double score = 0;    // of that class; without one, the highest lexicon score of a class not found
  bool masks = false;  // a class whose sentences are to be removed was found
};

/// Holds the scores of a text against thresholds, and says what each class calls for: one policy
/// for the data filter and for the server's guards. Concurrent calls: yes.
class SafetyPolicy {
 public:
  /// Errors: invalid_argument as check_config.
  static Result<SafetyPolicy> create(const SafetySettings& settings);

  /// True if the lexicon or the model finds the class.
  bool finds(const SafetyScore& score) const;

  /// True if the model finds it.
  bool finds_by_model(const SafetyScore& score) const;

  SafetyAction action_of(SafetyClass which) const;

  SafetyDecision decide(const ClassScores& scores) const;

 private:
  SafetyPolicy(double threshold, double model_threshold)
      : threshold_(threshold), model_threshold_(model_threshold) {}

  double threshold_;
  double model_threshold_;
  std::array<SafetyAction, kSafetyClassCount> actions_{};
};

}  // namespace aludel::safety
