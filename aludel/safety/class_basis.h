#pragma once

#include <span>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/classifier/classifier.h"
#include "aludel/text/classifier/examples.h"

/// What each class of unsafe text is judged by, and how well that is known.
namespace aludel::safety {

// What the score of one text was made of, and what is known of a class.
inline constexpr std::string_view kLexiconOnly = "lexicon only, unmeasured";
inline constexpr std::string_view kLexiconAndModel = "lexicon and model";
inline constexpr std::string_view kUnmeasuredModel =
    "lexicon and model, no human labels: unmeasured";
inline constexpr std::string_view kMeasuredModel = "lexicon and model, measured on human labels";

/// Returns for each class its "basis": kLexiconOnly, kUnmeasuredModel or kMeasuredModel. Where
/// people labelled held-out text of the class, it has "positives", "negatives" (all other text that
/// people labelled), of model and lexicon "precision" and "recall" at 0.5, and of the model
/// "area_under_curve", too. `human` are held-out examples that people labelled.
/// Errors: those of the lexicon, on a CPU that the pattern engine does not run on.
Result<Json> describe_safety_classes(const text::Classifier& model,
                                     std::span<const text::Example> human);

}  // namespace aludel::safety
