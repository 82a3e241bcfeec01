#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/curate/layer.h"

namespace aludel::curate {

/// Judges one document by limits. The score says how hard the limits press: value / limit (limit /
/// value where the value must be large). Above 1 the limit is broken; a dropped document has the
/// score of the first broken rule, a kept one that of its tightest.
class Limits {
 public:
  /// Values of every rule are noted in `annotation` under the rule's name.
  explicit Limits(Json& annotation) : annotation_(annotation) {}

  void at_most(std::string_view name, double value, double limit, std::string_view reason) {
    check(name, value, value <= limit, pressure(value, limit), reason);
  }

  void at_least(std::string_view name, double value, double limit, std::string_view reason) {
    check(name, value, value >= limit, pressure(limit, value), reason);
  }

  Verdict verdict() const { return verdict_; }

 private:
  static constexpr double kMostPressure = 100;

  /// A value at 0 of 0 presses not at all, anything above 0 as hard as can be.
  static double pressure(double value, double limit) {
    if (value <= 0) return 0;
    return limit <= 0 ? kMostPressure : std::min(value / limit, kMostPressure);
  }

  void check(std::string_view name, double value, bool holds, double pressed,
             std::string_view reason) {
    annotation_[name] = value;
    if (!verdict_.keep) return;
    if (holds) {
      verdict_.score = std::max(verdict_.score, pressed);
    } else {
      verdict_ = {false, std::string(reason), pressed};
    }
  }

  Json& annotation_;
  Verdict verdict_;
};

}  // namespace aludel::curate
