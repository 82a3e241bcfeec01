#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/safety/policy.h"
#include "aludel/safety/scorer.h"

namespace aludel::safety {

struct MaskedText {
  std::string text;
  std::int64_t sentences_removed = 0;
};

/// Removes the sentences of the classes found that `policy` masks: those with a phrase of such a
/// class and, where the model finds it, those in which the model alone finds it. Nothing where
/// there are none. `title` is the page's, as for SafetyScorer::score(). Concurrent calls: yes.
std::optional<MaskedText> mask_sentences(std::string_view text, std::string_view title,
                                         const SafetyScorer& scorer, const SafetyPolicy& policy);

}  // namespace aludel::safety
