#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/curate/cascade/layer.h"

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

/// A layer's rules with the limits that its settings give them: the one table by which a document
/// is judged when it is measured, and again from its notes.
class Rules {
 public:
  /// The rules outlive this. REQUIRES: the settings have a number or a bool for each.
  Rules(std::span<const CutOff> rules, const Json& settings);

  /// Drops by the first rule that is broken. A rule whose value is not noted, or that is off, does
  /// not apply. The score says how hard a limit presses: value / limit, or limit / value where the
  /// value must be large; above 1 it is broken. A dropped document has the score of the broken
  /// rule, a kept one that of its tightest.
  Verdict decide(const Json& noted) const;

 private:
  struct Rule {
    const CutOff* cut_off;
    double limit;
  };

  std::vector<Rule> rules_;
};

/// What a rule holds against its limit; nullptr where it does not apply: its value is not noted, or
/// the one is that stands in its way.
const Json* value_of_rule(const CutOff& cut_off, const Json& noted);

/// The number that a setting stands for: true is 1. REQUIRES: it is a number or a bool.
double number_of_setting(const Json& settings, std::string_view name);

}  // namespace aludel::curate
