#include "aludel/safety/class_basis.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "aludel/safety/scorer.h"

namespace aludel::safety {
namespace {

constexpr double kThreshold = 0.5;

/// The decisions of one way of scoring about held-out text, beside the labels of people.
struct Decisions {
  std::vector<double> scores;

  Json to_json(const std::vector<bool>& positive) const {
    double hits = 0;
    double flagged = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (scores[i] < kThreshold) continue;
      flagged += 1;
      if (positive[i]) hits += 1;
    }
    const auto positives = static_cast<double>(std::ranges::count(positive, true));
    Json json = Json::object();
    json["precision"] = flagged > 0 ? Json(hits / flagged) : Json();
    json["recall"] = positives > 0 ? Json(hits / positives) : Json();
    return json;
  }
};

bool has_label(const text::Example& example, std::string_view label) {
  return std::ranges::find(example.labels, label) != example.labels.end();
}

}  // namespace

Result<Json> describe_safety_classes(const text::Classifier& model,
                                     std::span<const text::Example> human) {
  const auto scorer = ALUDEL_TRY(SafetyScorer::create({}, model));
  std::vector<SafetyScores> scores;
  scores.reserve(human.size());
  for (const text::Example& example : human) {
    scores.push_back(scorer.score(example.text));
  }
  Json classes = Json::object();
  for (std::size_t which = 0; which < kSafetyClassCount; ++which) {
    const auto safety_class = static_cast<SafetyClass>(which);
    const std::string_view name = safety_class_name(safety_class);
    std::vector<bool> positive;
    Decisions by_model;
    Decisions by_lexicon;
    for (std::size_t i = 0; i < human.size(); ++i) {
      positive.push_back(has_label(human[i], name));
      by_model.scores.push_back(static_cast<double>(scores[i].of(safety_class).model.value_or(0)));
      by_lexicon.scores.push_back(scores[i].of(safety_class).lexicon);
    }
    const auto positives = std::ranges::count(positive, true);
    Json& note = classes[name];
    if (!scorer.has_model(safety_class)) {
      note["basis"] = kLexiconOnly;
      continue;
    }
    note["basis"] = positives > 0 ? kMeasuredModel : kUnmeasuredModel;
    if (positives == 0) continue;
    note["positives"] = std::int64_t{positives};
    note["negatives"] = static_cast<std::int64_t>(human.size()) - std::int64_t{positives};
    note["model"] = by_model.to_json(positive);
    note["model"]["area_under_curve"] = text::area_under_curve(by_model.scores, positive);
    note["lexicon"] = by_lexicon.to_json(positive);
  }
  return classes;
}

}  // namespace aludel::safety
