#include "aludel/safety/policy.h"

#include <algorithm>

namespace aludel::safety {

Result<SafetyPolicy> SafetyPolicy::create(const SafetySettings& settings) {
  ALUDEL_TRY(check_config(settings, "safety"));
  SafetyPolicy policy(settings.threshold, settings.model_threshold);
  for (const std::string& name : settings.mask) {
    policy.actions_.at(static_cast<std::size_t>(*find_safety_class(name))) = SafetyAction::mask;
  }
  for (const std::string& name : settings.tag) {
    policy.actions_.at(static_cast<std::size_t>(*find_safety_class(name))) = SafetyAction::tag;
  }
  return policy;
}

bool SafetyPolicy::finds(const SafetyScore& score) const {
  return score.lexicon >= threshold_ || finds_by_model(score);
}

bool SafetyPolicy::finds_by_model(const SafetyScore& score) const {
  return score.model && static_cast<double>(*score.model) >= model_threshold_;
}

SafetyAction SafetyPolicy::action_of(SafetyClass which) const {
  return actions_.at(static_cast<std::size_t>(which));
}

SafetyDecision SafetyPolicy::decide(const ClassScores& scores) const {
  SafetyDecision decision;
  for (std::size_t i = 0; i < kSafetyClassCount; ++i) {
    const auto which = static_cast<SafetyClass>(i);
    const SafetyScore& score = scores.at(i);
    const bool drops_already = decision.drops_for.has_value();
    if (!finds(score)) {
      if (!drops_already) decision.score = std::max(decision.score, score.lexicon);
      continue;
    }
    decision.found.push_back(which);
    decision.masks |= action_of(which) == SafetyAction::mask;
    if (action_of(which) != SafetyAction::drop) continue;
    if (drops_already && score.value() <= decision.score) continue;
    decision.drops_for = which;
    decision.score = score.value();
  }
  return decision;
}

}  // namespace aludel::safety
