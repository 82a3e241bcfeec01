#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "aludel/base/json.h"
#include "aludel/curate/cascade/layer.h"

namespace aludel::curate {

/// Judges one document by limits. The score says how hard the limits press: value / limit (limit /
/// value where the value must be large). Above 1 the limit is broken; a dropped document has the
/// score of the first broken rule, a kept one that of its tightest.
class Limits {
 public:
  /// Values of every rule are noted in the object `annotation` under the rule's name.
  /// REQUIRES: each name is given once, and is not in `annotation` yet.
  explicit Limits(Json& annotation) : annotation_(annotation.as_object()) {
    annotation_.reserve(kUsualRules);
  }

  void at_most(std::string_view name, double value, double limit, std::string_view reason) {
    check(name, value, value <= limit, pressure(value, limit), reason);
  }

  /// As at_most() by limits.first; one from limits.second on leaves the value noted and not judged.
  void at_most_unless_off(std::string_view name, double value, std::pair<double, double> limits,
                          std::string_view reason) {
    note(name, value);
    if (limits.first < limits.second) {
      judge(value <= limits.first, pressure(value, limits.first), reason);
    }
  }

  void at_least(std::string_view name, double value, double limit, std::string_view reason) {
    check(name, value, value >= limit, pressure(limit, value), reason);
  }

  void between(std::string_view name, double value, std::pair<double, double> limits,
               std::pair<std::string_view, std::string_view> reasons) {
    at_least(name, value, limits.first, reasons.first);
    judge(value <= limits.second, pressure(value, limits.second), reasons.second);
  }

  Verdict verdict() const { return verdict_; }

 private:
  static constexpr std::size_t kUsualRules = 28;
  static constexpr double kMostPressure = 100;

  /// A value at 0 of 0 presses not at all, anything above 0 as hard as can be.
  static double pressure(double value, double limit) {
    if (value <= 0) return 0;
    return limit <= 0 ? kMostPressure : std::min(value / limit, kMostPressure);
  }

  void check(std::string_view name, double value, bool holds, double pressed,
             std::string_view reason) {
    note(name, value);
    judge(holds, pressed, reason);
  }

  void note(std::string_view name, double value) {
    annotation_.emplace_back(std::string(name), value);
  }

  void judge(bool holds, double pressed, std::string_view reason) {
    if (!verdict_.keep) return;
    if (holds) {
      verdict_.score = std::max(verdict_.score, pressed);
    } else {
      verdict_ = {false, std::string(reason), pressed};
    }
  }

  Json::Object& annotation_;
  Verdict verdict_;
};

}  // namespace aludel::curate
