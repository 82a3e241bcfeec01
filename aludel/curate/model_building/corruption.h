#pragma once

// Bad text made of good text, as examples to learn quality from.

#include <span>
#include <string>
#include <string_view>

#include "aludel/base/result.h"
#include "aludel/base/rng.h"

namespace aludel::curate {

/// What a corruption starts from: good passages, and the one to corrupt. The others lend words.
struct GoodPassages {
  std::span<const std::string> all;
  std::size_t at;
};

/// One way of spoiling a passage; the same input and random numbers give the same text.
struct Corruption {
  std::string_view name;
  std::string_view summary;
  std::string (*corrupt)(const GoodPassages& passages, Rng& random);
};

std::span<const Corruption> all_corruptions();

/// Errors: invalid_argument with the nearest name.
Result<const Corruption*> find_corruption(std::string_view name);

}  // namespace aludel::curate
