#pragma once
// How likely a model finds ids: what scores of texts and evaluations add up.

#include <cstdint>
#include <span>

#include "aludel/base/result.h"
#include "aludel/infer/language_model.h"

namespace aludel::infer {

/// Adds the negative log-likelihood in nats of ids[first] and of all ids behind it to `nats`, one
/// after the other, each from the logits of the ids before it. Training computes the same by
/// operation linear_cross_entropy; train/executors_test.cpp compares the two.
/// Errors: as check_logits. REQUIRES: first > 0; the ids lie in the model's vocabulary, and all but
/// the last fit its context.
Status add_negative_log_likelihood(LanguageModel& model, std::span<const std::int32_t> ids,
                                   std::size_t first, double& nats);

}  // namespace aludel::infer
