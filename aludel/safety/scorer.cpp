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
  const text::WordKindCounts counts = text::count_words(text);
  return counts.words + counts.cjk / 2;
}

/// The phrases of one class in a text: how often each stands there, and what it weighs.
struct FoundPhrases {
  std::map<std::uint32_t, int> repeats;
  std::map<std::uint32_t, int> weights;

  void add(const LexiconHit& hit) {
    ++repeats[hit.phrase];
    weights[hit.phrase] = hit.weight;
  }

  /// 1 - exp(-points / (4 + words / 50)): half at the point where phrases of weight 4 come about
  /// once in a sentence or two.
  double score(std::size_t words) const {
    double points = 0;
    for (const auto& [phrase, count] : repeats) {
      points += weights.at(phrase) * std::min(count, kMostRepeats);
    }
    return 1 - std::exp(-points / (kShortText + static_cast<double>(words) / kWordsForAPoint));
  }
};

using PhrasesByClass = std::array<FoundPhrases, kSafetyClassCount>;

void add_hits(const std::vector<LexiconHit>& hits, PhrasesByClass& phrases) {
  for (const LexiconHit& hit : hits) {
    phrases.at(static_cast<std::size_t>(hit.which)).add(hit);
  }
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

SafetyScores SafetyScorer::score(std::string_view text, std::string_view title) const {
  SafetyScores scores;
  scores.hits = lexicon_.find(text);
  const std::vector<LexiconHit> title_hits = lexicon_.find(title);
  if (!scores.hits.empty() || !title_hits.empty()) {
    const std::size_t title_words = count_words(title);
    const std::size_t words = count_words(text) + title_words;
    PhrasesByClass in_title;
    add_hits(title_hits, in_title);
    PhrasesByClass in_both = in_title;
    add_hits(scores.hits, in_both);
    for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
      double& score = scores.classes.at(i).lexicon;
      const std::size_t different = in_both.at(i).repeats.size();
      if (different > 1 || (different == 1 && words <= kPromptWords)) {
        score = in_both.at(i).score(words);
      }
      if (in_title.at(i).repeats.size() > 1) {
        score = std::max(score, in_title.at(i).score(title_words));
      }
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
