#pragma once
// A whole model, quantised: a folder like the one it came from. Layout: docs/formats/quantised.md.

#include <cstdint>
#include <functional>
#include <string>

#include "aludel/models/family.h"
#include "aludel/models/quantisation/quantise.h"

namespace aludel::models {

struct QuantisationReport {
  std::uint64_t bytes_before = 0;  // of all weight files
  std::uint64_t bytes_after = 0;
  std::int64_t quantised_matrices = 0;
  std::int64_t kept_matrices = 0;  // in bf16: no group size fits their rows
  double squared_error = 0;        // over the quantised matrices
  double squared_norm = 0;

  /// Size of the error beside the weights: sqrt(error / norm).
  double relative_error() const;
};

/// Writes the model of `from` to folder `to`: weights by the scheme, config.json with
/// `quantization`, and every other file of the folder that is no weight file.
/// Errors: those of reading and writing; invalid_argument when the model is quantised already, and
/// when `to` is the model's folder, holds it, or holds files that no quantisation wrote.
Result<QuantisationReport> quantise_folder(tensor::Device& device, io::FileSystem& files,
                                           const std::string& from, const std::string& to,
                                           const QuantisationScheme& scheme);

}  // namespace aludel::models
