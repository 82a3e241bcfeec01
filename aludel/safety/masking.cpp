#include "aludel/safety/masking.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "aludel/safety/sentences.h"

namespace aludel::safety {
namespace {

/// Returns the places whose sentences go, in order.
std::vector<LexiconHit> places_to_mask(std::string_view text, const SafetyScores& scores,
                                       const SafetyScorer& scorer, const SafetyPolicy& policy) {
  std::vector<LexiconHit> places;
  for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
    const auto which = static_cast<SafetyClass>(i);
    const SafetyScore& score = scores.of(which);
    if (policy.action_of(which) != SafetyAction::mask || !policy.finds(score)) continue;
    std::ranges::copy_if(scores.hits, std::back_inserter(places),
                         [&](const LexiconHit& hit) { return hit.which == which; });
    if (!policy.finds_by_model(score)) continue;
    for (const auto [begin, end] : sentences_of(text)) {
      const SafetyScores sentence = scorer.score(text.substr(begin, end - begin));
      if (policy.finds_by_model(sentence.of(which))) places.push_back({begin, end, 0, which, 0});
    }
  }
  std::ranges::stable_sort(places, {}, &LexiconHit::begin);
  return places;
}

}  // namespace

std::optional<MaskedText> mask_sentences(std::string_view text, std::string_view title,
                                         const SafetyScorer& scorer, const SafetyPolicy& policy) {
  const auto places = places_to_mask(text, scorer.score(text, title), scorer, policy);
  if (places.empty()) return std::nullopt;
  MaskedText masked{.text = std::string(text)};
  masked.sentences_removed = remove_sentences(masked.text, places);
  return masked;
}

}  // namespace aludel::safety
