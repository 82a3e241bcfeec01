#pragma once

#include <concepts>

namespace aludel::curate {

/// Returns part / whole of two counts; 0 if whole is 0.
template <std::integral Count>
double share_of(Count part, Count whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace aludel::curate
