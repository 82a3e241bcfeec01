#include "aludel/safety/scorer.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "aludel/text/words.h"

namespace aludel::safety {
namespace {

constexpr int kMostRepeats = 3;
constexpr double kShortText = 4.0;        // points that weigh as one even in the shortest text
constexpr double kWordsForAPoint = 50.0;  // a longer text bears more before it is about the class
constexpr std::size_t kPromptWords = 40;  // beyond it one phrase is a mention, not a subject

/// Words, where two CJK letters count as one.
std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  std::size_t cjk = 0;
  for (const text::Word& word : text::split_words(text, text::Case::folded)) {
    if (word.kind == text::WordKind::word) ++words;
    if (word.kind == text::WordKind::cjk) ++cjk;
  }
  return words + cjk / 2;
}

/// 1 - exp(-points / (4 + words / 50)): half at the point where phrases of weight 4 come about once
/// in a sentence or two.
double lexicon_score(const std::map<std::uint32_t, int>& repeats_of_phrase,
                     const std::map<std::uint32_t, int>& weight_of_phrase, std::size_t words) {
  if (repeats_of_phrase.empty()) return 0;
  if (words > kPromptWords && repeats_of_phrase.size() < 2) return 0;
  double points = 0;
  for (const auto& [phrase, repeats] : repeats_of_phrase) {
    points += weight_of_phrase.at(phrase) * std::min(repeats, kMostRepeats);
  }
  return 1 - std::exp(-points / (kShortText + static_cast<double>(words) / kWordsForAPoint));
}

}  // namespace

double SafetyScore::value() const {
  return std::max(lexicon, model ? static_cast<double>(*model) : 0.0);
}

const SafetyScore& SafetyScores::of(SafetyClass which) const {
  return classes.at(static_cast<std::size_t>(which));
}

SafetyClass SafetyScores::strongest() const {
  const auto* found = std::ranges::max_element(classes, {}, &SafetyScore::value);
  return static_cast<SafetyClass>(found - classes.begin());
}

Result<SafetyScorer> SafetyScorer::create(std::span<const LexiconList> more,
                                          std::optional<text::Classifier> model) {
  SafetyScorer scorer(ALUDEL_TRY(Lexicon::create(more)));
  scorer.model_ = std::move(model);
  if (!scorer.model_) return scorer;
  for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
    scorer.labels_.at(i) = scorer.model_->find_label(safety_classes()[i].name);
  }
  return scorer;
}

bool SafetyScorer::has_model(SafetyClass which) const {
  return model_ && labels_.at(static_cast<std::size_t>(which)) < model_->labels().size();
}

SafetyScores SafetyScorer::score(std::string_view text) const {
  SafetyScores scores;
  scores.hits = lexicon_.find(text);
  if (!scores.hits.empty()) {
    const std::size_t words = count_words(text);
    std::array<std::map<std::uint32_t, int>, kSafetyClassCount> repeats;
    std::map<std::uint32_t, int> weights;
    for (const LexiconHit& hit : scores.hits) {
      ++repeats.at(static_cast<std::size_t>(hit.which))[hit.phrase];
      weights[hit.phrase] = hit.weight;
    }
    for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
      scores.classes.at(i).lexicon = lexicon_score(repeats.at(i), weights, words);
    }
  }
  if (!model_) return scores;
  const std::vector<float> probabilities = model_->predict(text);
  for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
    const std::size_t label = labels_.at(i);
    if (label < probabilities.size()) scores.classes.at(i).model = probabilities[label];
  }
  return scores;
}

}  // namespace aludel::safety
