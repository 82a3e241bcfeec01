#pragma once

#include <cstdint>
#include <span>

#include "aludel/base/result.h"
#include "aludel/infer/language_model.h"

namespace aludel::eval {

/// Negative log-likelihood in nats of a document's ids, each predicted from those before it and the
/// first from `start_id` alone. A document longer than the context is scored in parts that begin
/// again with `start_id`'s place taken by the id before, as training cuts its rows.
/// Errors: as infer::check_logits. REQUIRES: ids lie in the model's vocabulary.
Result<double> document_nats(infer::LanguageModel& model, std::span<const std::int32_t> ids,
                             std::int32_t start_id);

}  // namespace aludel::eval
