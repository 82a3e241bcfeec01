#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "aludel/curate/revisit/audit/sheet.h"

namespace aludel::curate::audit {

/// A document of the sample about which the reader was sure.
struct JudgedAnswer {
  const Answer* answer;
  bool is_to_keep;  // the reader's verdict
};

/// A limit that would have agreed with more of the reader's verdicts than today's limit.
struct BetterLimit {
  std::string setting;
  double today = 0;
  double limit = 0;
  std::uint64_t documents = 0;  // judged documents that were kept, or dropped by this rule
  std::uint64_t agrees_today = 0;
  std::uint64_t agrees = 0;
  std::uint64_t turned = 0;  // documents that the new limit decides differently
  /// The gain in verdicts (a loss is negative) if each fifth of the documents is decided by the
  /// limit that was chosen on the other four. Unlike gain(), it is 0 on average where there is
  /// nothing but chance.
  std::int64_t held_out_gain = 0;

  std::uint64_t gain() const { return agrees - agrees_today; }
};

/// Returns the limits that gain at least 2 verdicts on at least 5 documents, the largest gain on
/// documents held out first. Looks at each rule alone: at the documents that it dropped, and at
/// those that were kept. Of limits that agree with equally many verdicts, takes the one nearest to
/// today's, as a round number. A document that another rule of the same layer would drop anyway
/// counts as dropped.
std::vector<BetterLimit> better_limits(std::span<const JudgedAnswer> judged);

}  // namespace aludel::curate::audit
