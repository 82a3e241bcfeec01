#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/cascade/verdict.h"

namespace aludel::curate {

/// A writer of the numbers that a layer has measured of one document. Rules hold them against
/// limits.
class Measured {
 public:
  /// `annotation` is the object of the layer's notes.
  explicit Measured(Json& annotation) : notes_(annotation.as_object()) {
    notes_.reserve(kUsualValues);
  }

  /// Adds a number. REQUIRES: there is no note of that name yet.
  void add(std::string_view name, double value) { notes_.emplace_back(std::string(name), value); }

 private:
  static constexpr std::size_t kUsualValues = 28;

  Json::Object& notes_;
};

enum class Side : std::uint8_t { at_least, at_most };

/// A rule. It holds one noted value against the limit that a setting gives.
struct Rule {
  std::string_view value;  // key in annotations[layer]; the rule does not apply without it
  Side side;
  std::string_view setting;  // the setting with the limit: a number, or true for 1
  std::string_view reason;
  std::string_view unless = {};  // the rule does not apply if this key is noted
  double off = std::numeric_limits<double>::infinity();  // with this limit or more the rule is off
};

/// A rule with its limit: the value of its setting, or a limit that was learned of the corpus.
struct LimitedRule {
  const Rule* rule;
  double limit;

  bool is_off() const { return limit >= rule->off; }
};

/// A layer's rules with their limits. This one table decides about a document when it is measured,
/// and again from its notes; the report, an explanation and the audit show it.
class Rules {
 public:
  Rules() = default;

  /// Takes the limits from the settings. The rules must outlive this object. REQUIRES: the settings
  /// have a number or a bool for each rule.
  Rules(std::span<const Rule> rules, const Json& settings);

  /// Adds a rule whose limit is not a setting. The rule must outlive this object.
  void add(const Rule& rule, double limit) { rules_.push_back({&rule, limit}); }

  /// Drops the document by the first rule that is broken. A rule does not apply if its value is not
  /// noted, if a note bars it (`unless`), or if it is off. The score says how close the value is to
  /// the limit: value / limit, or limit / value for a rule of at_least; the rule is broken above 1.
  /// It is at most 100. A dropped document has the score of the broken rule, a kept one that of its
  /// tightest rule.
  Verdict decide(const Json& noted) const;

  /// Returns the rules in the order in which they are applied.
  std::span<const LimitedRule> all() const { return rules_; }

 private:
  std::vector<LimitedRule> rules_;
};

/// Returns the value that a rule holds against its limit; nullptr if the rule does not apply,
/// because the value is not noted or a note bars the rule (`unless`).
const Json* value_of_rule(const Rule& rule, const Json& noted);

/// Returns a setting as a number: true is 1, false is 0. REQUIRES: it is a number or a bool.
double number_of_setting(const Json& settings, std::string_view name);

}  // namespace aludel::curate
