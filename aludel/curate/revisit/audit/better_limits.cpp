#include "aludel/curate/revisit/audit/better_limits.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "aludel/base/hash.h"

namespace aludel::curate::audit {
namespace {

constexpr std::uint64_t kLeastGain = 2;
constexpr std::size_t kLeastDocuments = 5;
constexpr std::uint64_t kFolds = 5;

/// A document as one rule sees it. Values and limits of an at_most rule are negated, so that here
/// every rule keeps values of at least its limit.
struct RuleCase {
  double value;
  bool is_dropped_anyway;  // by another rule of the same layer
  bool is_to_keep;
  std::uint64_t fold;  // drawn by the document's key

  bool agrees(double limit) const { return (value >= limit && !is_dropped_anyway) == is_to_keep; }
};

struct RuleKey {
  std::string setting;
  Side side;
  double limit;
  auto operator<=>(const RuleKey&) const = default;  // NOLINT(modernize-use-nullptr): not its 0
};

bool is_other_rule_broken(const Answer& answer, const RuleNote& rule) {
  return std::ranges::any_of(answer.rules, [&](const RuleNote& other) {
    // A learned limit, which has no reason, may only cut a text: breaking it alone does not mean a
    // drop.
    return &other != &rule && other.layer == rule.layer && !other.reason.empty() && other.breaks();
  });
}

/// Returns the document's case, if it was kept or this rule dropped it.
std::optional<RuleCase> case_of(const JudgedAnswer& judged, const RuleNote& rule) {
  const Answer& answer = *judged.answer;
  const bool is_kept = answer.layer.empty();
  const bool is_by_rule =
      answer.layer == rule.layer && (rule.reason.empty() || answer.reason == rule.reason);
  if (is_kept ? rule.breaks() : !(is_by_rule && rule.breaks())) return std::nullopt;
  const double sign = rule.side == Side::at_least ? 1 : -1;
  return RuleCase{sign * rule.measured, !is_kept && is_other_rule_broken(answer, rule),
                  judged.is_to_keep, hash64(answer.key) % kFolds};
}

std::uint64_t agreement(const std::vector<RuleCase>& cases, double limit) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(cases, [limit](const RuleCase& item) { return item.agrees(limit); }));
}

/// The limits above `low` up to `high`, which all decide alike.
struct Gap {
  double low;
  double high;

  double distance(double limit) const {
    if (limit <= low) return low - limit;
    return limit > high ? limit - high : 0;
  }
};

/// Returns the number with the fewest digits among the limits of the gap; of several, the one
/// nearest to today's limit.
double round_number_in(const Gap& gap, double today) {
  constexpr int kMostDigits = 12;
  for (int digits = -kMostDigits; digits <= kMostDigits; ++digits) {
    const double scale = std::pow(10.0, std::abs(digits));
    const auto scaled = [&](double value) { return digits < 0 ? value / scale : value * scale; };
    const double steps =
        today > gap.high ? std::floor(scaled(gap.high)) : std::floor(scaled(gap.low)) + 1;
    const double number = digits < 0 ? steps * scale : steps / scale;
    if (number > gap.low && number <= gap.high) return number == 0 ? 0 : number;  // never -0
  }
  return gap.high;
}

/// Returns all gaps between the values of the cases, which are sorted. The two outer gaps are wide
/// enough for a round number.
std::vector<Gap> gaps_of(const std::vector<RuleCase>& cases, double today) {
  constexpr double kRoom = 0.1;
  std::vector<Gap> gaps;
  const double least = cases.front().value;
  const double most = cases.back().value;
  gaps.push_back({least - kRoom * std::abs(today - least) - 1e-12, least});
  for (std::size_t i = 1; i < cases.size(); ++i) {
    if (cases[i - 1].value < cases[i].value) gaps.push_back({cases[i - 1].value, cases[i].value});
  }
  gaps.push_back({most, most + kRoom * std::abs(most - today) + 1e-12});
  return gaps;
}

struct Choice {
  double limit;
  std::uint64_t agrees;
};

/// Returns the limit that agrees with most verdicts; today's if no other agrees with more.
/// REQUIRES: the cases are sorted by value, and there is one.
Choice choose_limit(const std::vector<RuleCase>& cases, double today) {
  std::uint64_t agrees = agreement(cases, today);
  std::optional<Gap> best;  // none: today's
  for (const Gap& gap : gaps_of(cases, today)) {
    const std::uint64_t count = agreement(cases, gap.high);
    const bool is_nearer = best && count == agrees && gap.distance(today) < best->distance(today);
    if (count > agrees || is_nearer) {
      agrees = count;
      best = gap;
    }
  }
  return {best ? round_number_in(*best, today) : today, agrees};
}

std::int64_t held_out_gain(const std::vector<RuleCase>& cases, double today) {
  std::int64_t gain = 0;
  for (std::uint64_t fold = 0; fold < kFolds; ++fold) {
    std::vector<RuleCase> choosing;
    std::vector<RuleCase> held_out;
    for (const RuleCase& item : cases) {
      (item.fold == fold ? held_out : choosing).push_back(item);
    }
    if (choosing.empty()) continue;
    const double limit = choose_limit(choosing, today).limit;
    gain += static_cast<std::int64_t>(agreement(held_out, limit)) -
            static_cast<std::int64_t>(agreement(held_out, today));
  }
  return gain;
}

std::optional<BetterLimit> better_limit(const RuleKey& rule, std::vector<RuleCase> cases) {
  if (cases.size() < kLeastDocuments) return std::nullopt;
  const double sign = rule.side == Side::at_least ? 1 : -1;
  const double today = sign * rule.limit;
  std::ranges::sort(cases, {}, &RuleCase::value);
  const std::uint64_t agrees_today = agreement(cases, today);
  const Choice choice = choose_limit(cases, today);
  if (choice.agrees < agrees_today + kLeastGain) return std::nullopt;
  const auto turned = std::ranges::count_if(cases, [&](const RuleCase& item) {
    return !item.is_dropped_anyway && (item.value >= today) != (item.value >= choice.limit);
  });
  return BetterLimit{rule.setting,
                     rule.limit,
                     choice.limit == 0 ? 0 : sign * choice.limit,
                     cases.size(),
                     agrees_today,
                     choice.agrees,
                     static_cast<std::uint64_t>(turned),
                     held_out_gain(cases, today)};
}

}  // namespace

std::vector<BetterLimit> better_limits(std::span<const JudgedAnswer> judged) {
  std::map<RuleKey, std::vector<RuleCase>> cases;
  for (const JudgedAnswer& item : judged) {
    for (const RuleNote& rule : item.answer->rules) {
      if (auto found = case_of(item, rule)) {
        cases[{rule.setting, rule.side, rule.limit}].push_back(*found);
      }
    }
  }
  std::vector<BetterLimit> limits;
  for (auto& [rule, of_rule] : cases) {
    if (auto better = better_limit(rule, std::move(of_rule))) limits.push_back(*better);
  }
  std::ranges::stable_sort(limits, std::ranges::greater(), [](const BetterLimit& limit) {
    return std::pair(limit.held_out_gain, limit.gain());
  });
  return limits;
}

}  // namespace aludel::curate::audit
