#include "aludel/eval/document_score.h"

#include <algorithm>
#include <vector>

#include "aludel/infer/likelihood.h"

namespace aludel::eval {

Result<double> document_nats(infer::LanguageModel& model, std::span<const std::int32_t> ids,
                             std::int32_t start_id) {
  const auto context = static_cast<std::size_t>(model.context_length());
  std::vector<std::int32_t> read(ids.begin(), ids.end());
  read.insert(read.begin(), start_id);
  double nats = 0;
  for (std::size_t part = 0; part < ids.size(); part += context) {
    const std::size_t count = std::min(context, ids.size() - part);
    ALUDEL_TRY(infer::add_negative_log_likelihood(model, std::span(read).subspan(part, count + 1),
                                                  1, nats));
  }
  return nats;
}

}  // namespace aludel::eval
