#include "aludel/curate/cascade/rules.h"

#include <algorithm>

#include "aludel/base/check.h"

namespace aludel::curate {
namespace {

constexpr double kMostPressure = 100;

/// Returns value / limit, at most kMostPressure. With a limit of 0, returns 0 for a value of 0 and
/// kMostPressure for a larger one.
double pressure(double value, double limit) {
  if (value <= 0) return 0;
  return limit <= 0 ? kMostPressure : std::min(value / limit, kMostPressure);
}

/// A finder of notes by name. It searches from the last note that it found, because a layer notes
/// values in the order of its rules.
class NoteFinder {
 public:
  explicit NoteFinder(const Json::Object& notes) : notes_(notes) {}

  const Json* find(std::string_view name) {
    for (std::size_t step = 0; step < notes_.size(); ++step) {
      if (notes_[at_].first == name) return &notes_[at_].second;
      at_ = at_ + 1 == notes_.size() ? 0 : at_ + 1;
    }
    return nullptr;
  }

 private:
  const Json::Object& notes_;
  std::size_t at_ = 0;
};

}  // namespace

Rules::Rules(std::span<const Rule> rules, const Json& settings) {
  for (const Rule& rule : rules) {
    add(rule, number_of_setting(settings, rule.setting));
  }
}

Verdict Rules::decide(const Json& noted) const {
  Verdict verdict;
  if (!noted.is_object()) return verdict;
  NoteFinder notes(noted.as_object());
  for (const LimitedRule& limited : rules_) {
    const Rule& rule = *limited.rule;
    const double limit = limited.limit;
    const bool is_least = rule.side == Side::at_least;
    if (!is_least && limited.is_off()) continue;
    if (!rule.unless.empty() && notes.find(rule.unless) != nullptr) continue;
    const Json* found = notes.find(rule.value);
    if (found == nullptr || !found->is_number()) continue;
    const double value = found->as_number();
    const double pressed = is_least ? pressure(limit, value) : pressure(value, limit);
    if (is_least ? value >= limit : value <= limit) {
      verdict.score = std::max(verdict.score, pressed);
    } else {
      return {false, std::string(rule.reason), pressed};
    }
  }
  return verdict;
}

const Json* value_of_rule(const Rule& rule, const Json& noted) {
  const bool is_barred = !rule.unless.empty() && noted.find(rule.unless) != nullptr;
  return is_barred ? nullptr : noted.find(rule.value);
}

double number_of_setting(const Json& settings, std::string_view name) {
  const Json* value = settings.find(name);
  ALUDEL_CHECK(value != nullptr && (value->is_number() || value->is_bool()),
               "a cut-off names a setting that is no number");
  if (value->is_bool()) return value->as_bool() ? 1 : 0;
  return value->as_number();
}

}  // namespace aludel::curate
