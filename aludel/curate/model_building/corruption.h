#pragma once

// Makes bad text of good text, as examples to learn quality from.

#include <span>
#include <string>
#include <string_view>

#include "aludel/base/rng.h"

namespace aludel::curate {

/// The input of a corruption: good passages, and the index of the one to corrupt. The others lend
/// words.
struct GoodPassages {
  std::span<const std::string> all;
  std::size_t at;
};

/// One way to corrupt a passage. The same input and random numbers give the same text.
struct Corruption {
  std::string_view name;
  std::string_view summary;
  std::string (*corrupt)(const GoodPassages& passages, Rng& random);
};

std::span<const Corruption> all_corruptions();

/// Returns the corruption of that name. REQUIRES: one of all_corruptions() has it.
const Corruption& corruption_named(std::string_view name);

}  // namespace aludel::curate
