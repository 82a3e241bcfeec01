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

/// Notes the numbers that a layer measured of one document, for its rules to be held against.
class Measured {
 public:
  /// `annotation` is the object of the layer's notes.
  explicit Measured(Json& annotation) : notes_(annotation.as_object()) {
    notes_.reserve(kUsualValues);
  }

  /// REQUIRES: the name is not noted yet.
  void add(std::string_view name, double value) { notes_.emplace_back(std::string(name), value); }

 private:
  static constexpr std::size_t kUsualValues = 28;

  Json::Object& notes_;
};

enum class Side : std::uint8_t { at_least, at_most };

/// Holds one noted value against a limit that a setting gives.
struct Rule {
  std::string_view value;  // key in annotations[layer]; without it the rule does not apply
  Side side;
  std::string_view setting;  // a number, or true for 1
  std::string_view reason;
  std::string_view unless = {};                          // nor does it where this key is noted
  double off = std::numeric_limits<double>::infinity();  // a limit from which on it is not judged
};

/// A rule with its limit: that of the setting, or what was learned of the corpus by it.
struct LimitedRule {
  const Rule* rule;
  double limit;

  bool is_off() const { return limit >= rule->off; }
};

/// A layer's rules with their limits: the one table by which a document is judged when it is
/// measured, and again from its notes, and which the report, an explanation and the audit show.
class Rules {
 public:
  Rules() = default;

  /// The rules outlive this. REQUIRES: the settings have a number or a bool for each.
  Rules(std::span<const Rule> rules, const Json& settings);

  /// Adds a rule whose limit is no setting. It outlives this.
  void add(const Rule& rule, double limit) { rules_.push_back({&rule, limit}); }

  /// Drops by the first rule that is broken. A rule whose value is not noted, or that is off, does
  /// not apply. The score says how hard a limit presses: value / limit, or limit / value where the
  /// value must be large; above 1 it is broken. A dropped document has the score of the broken
  /// rule, a kept one that of its tightest.
  Verdict decide(const Json& noted) const;

  /// In the order in which they are applied.
  std::span<const LimitedRule> all() const { return rules_; }

 private:
  std::vector<LimitedRule> rules_;
};

/// What a rule holds against its limit; nullptr where it does not apply: its value is not noted, or
/// the one is that stands in its way.
const Json* value_of_rule(const Rule& rule, const Json& noted);

/// The number that a setting stands for: true is 1. REQUIRES: it is a number or a bool.
double number_of_setting(const Json& settings, std::string_view name);

}  // namespace aludel::curate
