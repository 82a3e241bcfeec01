#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/document.h"

// Rules that keep documents which a layer would drop: docs/cascade/keeping.md.
namespace aludel::curate {

/// A rule, written `LAYER[:REASON] [score<NUMBER | score<=NUMBER | score>NUMBER | score>=NUMBER]…
/// [source=NAME] [language=CODE]`. All its conditions must hold. A bound of the score includes its
/// number if the comparison has a "=".
struct RecoverRule {
  std::string text;  // as it was written
  std::string layer;
  std::string reason;  // empty: any
  std::string source;
  std::string language;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool is_least_open = false;
  bool is_most_open = false;

  /// True if the rule keeps a document on which that layer has this verdict.
  bool matches(std::string_view by_layer, const Verdict& verdict, const Document& document) const;
};

/// Parses one rule. Errors: invalid_argument with the rule, the column and what was expected there.
Result<RecoverRule> parse_recover_rule(std::string_view text);

/// Parses several rules; each text may hold more than one, separated by semicolons. Errors: those
/// of parse_recover_rule().
Result<std::vector<RecoverRule>> parse_recover_rules(const std::vector<std::string>& texts);

}  // namespace aludel::curate
