#pragma once

// What is known of how well each class of unsafe text is told from harmless text.

#include <span>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/text/classifier/classifier.h"
#include "aludel/text/classifier/examples.h"

namespace aludel::curate {

inline constexpr std::string_view kLexiconOnly = "lexicon only, unmeasured";
inline constexpr std::string_view kUnmeasuredModel =
    "lexicon and model, no human labels: unmeasured";
inline constexpr std::string_view kMeasuredModel = "lexicon and model, measured on human labels";

/// For each of the fourteen classes its "basis", one of the above; where people labelled held-out
/// text of the class also "positives" and "negatives" (all other text that people labelled), and of
/// model and lexicon "precision" and "recall" at 0.5, of the model "area_under_curve".
/// `human` are held-out examples that people labelled.
/// Errors: those of the lexicon, on a CPU that the pattern engine does not run on.
Result<Json> describe_safety_classes(const text::Classifier& model,
                                     std::span<const text::Example> human);

}  // namespace aludel::curate
