#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aludel/curate/revisit/audit/sheet.h"

namespace aludel::curate::audit {

/// A document of the sample of which a reader was sure.
struct JudgedAnswer {
  const Answer* answer;
  bool is_to_keep;  // says the reader
};

/// A limit that would have decided more often as the reader did.
struct BetterLimit {
  std::string setting;
  double today = 0;
  double limit = 0;
  std::uint64_t documents = 0;  // judged, and kept or dropped by this rule
  std::uint64_t agrees_today = 0;
  std::uint64_t agrees = 0;
  std::uint64_t turned = 0;  // documents that the new limit decides otherwise
  /// Verdicts gained (or lost) where each fifth of the documents is decided by the limit that the
  /// other four choose. Unlike gain(), chance alone gives none on average.
  std::int64_t held_out_gain = 0;

  std::uint64_t gain() const { return agrees - agrees_today; }
};

/// Looks at each rule alone: at the documents that it dropped, and at those that were kept. Of
/// limits that agree with as many verdicts it takes the one nearest to today's, and of the numbers
/// that stand for it a round one. A document that another rule of the same layer would drop anyway
/// stays dropped. Gives those limits that gain at least 2 verdicts on at least 5 documents, the
/// largest gain on documents held out first.
std::vector<BetterLimit> better_limits(std::span<const JudgedAnswer> judged);

}  // namespace aludel::curate::audit
