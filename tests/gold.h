#pragma once

#include <cstdlib>
#include <string>

#include "tests/shared_data.h"

namespace aludel {

/// The folder of golden models, "" where it is not present: ALUDEL_GOLD, so that values of another
/// seed run through the same tests, or the shared data.
inline std::string gold_folder() {
  const char* place = std::getenv("ALUDEL_GOLD");
  return place != nullptr ? place : shared_data("gold/hf-llama");
}

}  // namespace aludel
