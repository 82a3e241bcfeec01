#pragma once
// What a model's generation_config.json says of drawing tokens.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/infer/sampler.h"

namespace aludel::infer {

/// The sampling that a generation_config.json states; `do_sample: false` states a temperature of 0.
struct StatedSampling {
  std::optional<double> temperature;
  std::optional<std::int64_t> top_k;
  std::optional<double> top_p;
  std::optional<double> min_p;
  std::optional<double> repetition_penalty;

  /// Returns what is stated, and `otherwise` for the rest.
  SamplingOptions over(SamplingOptions otherwise) const;
};

/// Errors: corrupt_data for values of another type; that or invalid_argument for values out of
/// range.
Result<StatedSampling> read_sampling(const Json& generation_config);

/// Returns the names of members that ask for something which no command does: beams, lengths,
/// further penalties, whatever is not known. Null, false, 0 and empty values ask for nothing.
std::vector<std::string> unused_members(const Json& generation_config);

}  // namespace aludel::infer
