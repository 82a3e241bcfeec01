#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/document.h"

// Rules by which documents that a layer would drop are kept after all: docs/cascade/keeping.md.
namespace aludel::curate {

/// `LAYER[:REASON] [score<NUMBER | score<=NUMBER | score>NUMBER | score>=NUMBER]…
/// [source=NAME] [language=CODE]`: all of it must hold. Bounds of a score that are closed when the
/// comparison has a "=".
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

  bool matches(std::string_view by_layer, const Verdict& verdict, const Document& document) const;
};

/// Errors: invalid_argument with the rule, the column and what was expected there.
Result<RecoverRule> parse_recover_rule(std::string_view text);

/// Several rules, separated by semicolons or given one by one. Errors: those of each.
Result<std::vector<RecoverRule>> parse_recover_rules(const std::vector<std::string>& texts);

}  // namespace aludel::curate
