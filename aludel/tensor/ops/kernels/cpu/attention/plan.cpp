#include "aludel/tensor/ops/kernels/cpu/attention/plan.h"

#include <algorithm>

namespace aludel::tensor {

AttentionPlan::AttentionPlan(const OpCall& call)
    : head_size(static_cast<std::size_t>(call.numbers[0])),
      scale(static_cast<float>(call.numbers[1])) {
  heads = call.inputs[0].shape().columns() / head_size;
  kv_heads = call.inputs[1].shape().columns() / head_size;
  width = (head_size + kLanes - 1) / kLanes * kLanes;
  const auto starts = call.inputs[3].span<std::int32_t>();
  ALUDEL_CHECK(!starts.empty() && starts.front() == 0 && std::ranges::is_sorted(starts) &&
                   static_cast<std::size_t>(starts.back()) == call.inputs[0].shape().rows(),
               "[attention] document starts must rise from 0 to T");
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    const auto first = static_cast<std::size_t>(starts[i]);
    const auto count = static_cast<std::size_t>(starts[i + 1]) - first;
    documents.push_back({first, count, tiles.size(), (count + kTile - 1) / kTile});
    for (std::size_t done = 0; done < count; done += kTile) {
      tiles.push_back({first + done, std::min(kTile, count - done), i});
    }
  }
}

}  // namespace aludel::tensor
