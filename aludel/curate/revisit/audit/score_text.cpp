#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "aludel/curate/revisit/audit/score.h"

namespace aludel::curate::audit {
namespace {

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string percents(const Interval& interval) {
  return fmt::format("{:.1f} to {:.1f} %", 100 * interval.low, 100 * interval.high);
}

void add_row(std::string& out, std::string_view name, const Judged& judged) {
  std::string wrong = "-";
  std::string interval;
  if (judged.judged > 0) {
    const double share = static_cast<double>(judged.wrong) / static_cast<double>(judged.judged);
    wrong = fmt::format("{} = {}", judged.wrong, percent(share));
    interval = percents(wilson(judged.wrong, judged.judged));
  }
  fmt::format_to(std::back_inserter(out), "{:<34} {:>11} {:>8} {:>14}  {:>16}\n", name,
                 judged.documents, judged.judged, wrong, interval);
}

void add_estimate(std::string& out, std::string_view what, const Estimate& estimate) {
  if (!estimate.wrong) {
    fmt::format_to(std::back_inserter(out), "{}: nothing was judged.\n", what);
    return;
  }
  const double documents = static_cast<double>(estimate.documents);
  fmt::format_to(std::back_inserter(out), "{}: {} (95 %: {}), about {:.0f} of {} documents", what,
                 percent(estimate.wrong->value), percents(estimate.wrong->interval),
                 estimate.wrong->value * documents, estimate.documents);
  if (estimate.unseen > 0) {
    fmt::format_to(std::back_inserter(out), "; of {} more nothing was judged", estimate.unseen);
  }
  out += ".\n";
}

void add_odd(std::string& out, const Verdicts& odd) {
  auto to = std::back_inserter(out);
  if (odd.hesitant > 0) {
    fmt::format_to(to, "{} verdicts with a question mark count as they are.\n", odd.hesitant);
  }
  if (odd.repeated > 0) {
    fmt::format_to(to, "{} lines repeat a key: the last verdict counts.\n", odd.repeated);
  }
  if (odd.unknown > 0) {
    fmt::format_to(to, "{} lines have a key that is not in this sample: are they of another one?\n",
                   odd.unknown);
  }
}

void add_verdicts(std::string& out, const Score& score) {
  fmt::format_to(std::back_inserter(out),
                 "{} documents in the sample: keep {}, drop {}, unsure {}, no verdict {}.\n",
                 score.sampled, score.keep, score.drop, score.unsure, score.missing);
  if (score.unsure + score.missing > 0) out += "Those unsure or without a verdict do not count.\n";
  add_odd(out, score.verdicts);
}

void add_layers(std::string& out, const Score& score) {
  fmt::format_to(std::back_inserter(out), "\n{:<34} {:>11} {:>8} {:>14}  {:>16}\n", "dropped by",
                 "documents", "judged", "wrong drops", "95 % interval");
  for (const LayerJudged& layer : score.layers) {
    add_row(out, layer.all.name, layer.all);
    for (const Judged& reason : layer.reasons) {
      add_row(out, "  " + reason.name, reason);
    }
  }
  fmt::format_to(std::back_inserter(out), "{:<34} {:>11} {:>8} {:>14}\n", "", "", "",
                 "wrong keeps");
  add_row(out, "kept", score.kept);
  out += "\n";
  add_estimate(out, "Wrong drops of all drops, weighted by layer", score.dropped);
  add_estimate(out, "Wrong decisions of all", score.all);
  for (const auto& [why, count] : score.left_out) {
    fmt::format_to(std::back_inserter(out), "Not in the sample: {} documents, {}.\n", count, why);
  }
}

void add_agreement(std::string& out, const Agreement& agreement, const Verdicts& second) {
  out += "\n";
  if (agreement.both == 0) {
    out += "There is no document on which both readers were sure.\n";
    return;
  }
  fmt::format_to(std::back_inserter(out),
                 "Two readers agree on {} of {} documents ({}); Cohen's kappa is {}.\n"
                 "The table counts the first reader's verdicts.\n",
                 agreement.same, agreement.both,
                 percent(static_cast<double>(agreement.same) / static_cast<double>(agreement.both)),
                 agreement.kappa ? fmt::format("{:.2f}", *agreement.kappa) : "undefined");
  if (second.hesitant + second.repeated + second.unknown == 0) return;
  out += "Of the second reader's verdicts:\n";
  add_odd(out, second);
}

std::string limit_line(const BetterLimit& limit) {
  return fmt::format(
      "  {} {:.6g} -> {:.6g}: agrees with {} of {} verdicts, today {}; {} documents change, held "
      "out {:+} verdicts\n",
      limit.setting, limit.today, limit.limit, limit.agrees, limit.documents, limit.agrees_today,
      limit.turned, limit.held_out_gain);
}

void add_limits(std::string& out, const std::vector<BetterLimit>& limits) {
  if (limits.empty()) {
    out += "\nNo limit would have agreed with at least two verdicts more.\n";
    return;
  }
  std::string sound;
  std::string doubtful;
  for (const BetterLimit& limit : limits) {
    (limit.held_out_gain > 0 ? sound : doubtful) += limit_line(limit);
  }
  if (!sound.empty()) {
    out += "\nLimits that would have agreed better, each changed alone:\n" + sound;
  }
  if (!doubtful.empty()) {
    out += "\nLimits that gain on the verdicts which chose them, and on no others:\n" + doubtful;
  }
  out +=
      "Check a limit on other documents before you use it: draw another sample (--seed) and have "
      "it\njudged. A later layer may still drop what a limit lets pass.\n";
}

}  // namespace

std::string to_text(const Score& score) {
  std::string out;
  add_verdicts(out, score);
  add_layers(out, score);
  if (score.agreement) add_agreement(out, *score.agreement, score.second);
  add_limits(out, score.limits);
  return out;
}

}  // namespace aludel::curate::audit
