#include "aludel/curate/revisit/audit/score.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace aludel::curate::audit {
namespace {

/// Counts the verdict on a document, unless it has none or the reader was unsure.
void count_verdict(Judged& judged, const Answer& answer, const Verdicts& verdicts) {
  const auto verdict = verdicts.by_key.find(answer.key);
  if (verdict == verdicts.by_key.end() || verdict->second == Said::unsure) return;
  ++judged.judged;
  const bool is_kept = answer.layer.empty();
  if (is_kept != (verdict->second == Said::keep)) ++judged.wrong;
}

LayerJudged score_stratum(const Stratum& stratum, const std::vector<Answer>& answers,
                          const Verdicts& verdicts) {
  LayerJudged layer;
  layer.all.name = stratum.layer;
  layer.all.documents = stratum.documents;
  std::map<std::string, Judged> reasons;
  for (const Answer& answer : answers) {
    if (answer.layer != stratum.layer) continue;
    count_verdict(layer.all, answer, verdicts);
    Judged& reason = reasons[answer.reason];
    reason.name = answer.reason;
    count_verdict(reason, answer, verdicts);
  }
  for (auto& [name, reason] : reasons) {
    const auto documents = stratum.reasons.find(name);
    if (documents != stratum.reasons.end()) reason.documents = documents->second;
    layer.reasons.push_back(std::move(reason));
  }
  std::ranges::stable_sort(layer.reasons, std::ranges::greater(), &Judged::documents);
  return layer;
}

Estimate estimate(const std::vector<Judged>& strata) {
  Estimate result;
  std::vector<WeightedPart> parts;
  for (const Judged& stratum : strata) {
    (stratum.judged > 0 ? result.documents : result.unseen) += stratum.documents;
    parts.push_back({static_cast<double>(stratum.documents), stratum.wrong, stratum.judged});
  }
  result.wrong = weighted_share(parts);
  return result;
}

Agreement agreement_of(const Verdicts& first, const Verdicts& second) {
  Agreement agreement;
  std::array<std::array<std::uint64_t, 2>, 2> counts{};
  for (const auto& [key, said] : first.by_key) {
    const auto other = second.by_key.find(key);
    if (other == second.by_key.end()) continue;
    if (said == Said::unsure || other->second == Said::unsure) continue;
    ++agreement.both;
    if (said == other->second) ++agreement.same;
    ++counts[said == Said::keep ? 0 : 1][other->second == Said::keep ? 0 : 1];
  }
  agreement.kappa = cohen_kappa(counts);
  return agreement;
}

void count_sheet(const Sheet& sheet, const Verdicts& verdicts, Score& score) {
  score.sampled = sheet.answers.size();
  for (const Answer& answer : sheet.answers) {
    const auto verdict = verdicts.by_key.find(answer.key);
    if (verdict == verdicts.by_key.end()) {
      ++score.missing;
    } else if (verdict->second == Said::unsure) {
      ++score.unsure;
    } else {
      ++(verdict->second == Said::keep ? score.keep : score.drop);
    }
  }
}

std::vector<JudgedAnswer> judged_answers(const Sheet& sheet, const Verdicts& verdicts) {
  std::vector<JudgedAnswer> judged;
  for (const Answer& answer : sheet.answers) {
    const auto verdict = verdicts.by_key.find(answer.key);
    if (verdict == verdicts.by_key.end() || verdict->second == Said::unsure) continue;
    judged.push_back({&answer, verdict->second == Said::keep});
  }
  return judged;
}

Json count_json(const Judged& judged, std::string_view name) {
  Json json = Json::object();
  if (!name.empty()) json[name] = judged.name;
  json["documents"] = judged.documents;
  json["judged"] = judged.judged;
  json["wrong"] = judged.wrong;
  if (judged.judged > 0) {
    const Interval interval = wilson(judged.wrong, judged.judged);
    json["share"] = static_cast<double>(judged.wrong) / static_cast<double>(judged.judged);
    json["low"] = interval.low;
    json["high"] = interval.high;
  }
  return json;
}

Json estimate_json(const Estimate& estimate) {
  Json json = Json::object();
  json["documents"] = estimate.documents;
  json["unseen"] = estimate.unseen;
  if (estimate.wrong) {
    json["wrong_share"] = estimate.wrong->value;
    json["low"] = estimate.wrong->interval.low;
    json["high"] = estimate.wrong->interval.high;
  }
  return json;
}

Json limits_json(const std::vector<BetterLimit>& limits) {
  Json rows = Json::array();
  for (const BetterLimit& limit : limits) {
    Json row = Json::object();
    row["setting"] = limit.setting;
    row["today"] = limit.today;
    row["limit"] = limit.limit;
    row["documents"] = limit.documents;
    row["agrees_today"] = limit.agrees_today;
    row["agrees"] = limit.agrees;
    row["turned"] = limit.turned;
    row["held_out_gain"] = limit.held_out_gain;
    rows.push_back(std::move(row));
  }
  return rows;
}

void add_odd(const Verdicts& verdicts, Json& json) {
  json["hesitant"] = verdicts.hesitant;
  json["repeated"] = verdicts.repeated;
  json["unknown_keys"] = verdicts.unknown;
}

Json verdicts_json(const Score& score) {
  Json json = Json::object();
  json["sampled"] = score.sampled;
  json["keep"] = score.keep;
  json["drop"] = score.drop;
  json["unsure"] = score.unsure;
  json["missing"] = score.missing;
  add_odd(score.verdicts, json);
  return json;
}

}  // namespace

Score score(const Sheet& sheet, const Verdicts& first, const Verdicts* second) {
  Score score;
  std::vector<Judged> drops;
  std::vector<Judged> all;
  for (const Stratum& stratum : sheet.strata) {
    LayerJudged layer = score_stratum(stratum, sheet.answers, first);
    all.push_back(layer.all);
    if (stratum.layer.empty()) {
      score.kept = std::move(layer.all);
      continue;
    }
    drops.push_back(layer.all);
    score.layers.push_back(std::move(layer));
  }
  score.dropped = estimate(drops);
  score.all = estimate(all);
  if (second != nullptr) {
    score.agreement = agreement_of(first, *second);
    score.second = *second;
  }
  score.limits = better_limits(judged_answers(sheet, first));
  count_sheet(sheet, first, score);
  score.verdicts = first;
  score.left_out = sheet.left_out;
  return score;
}

Json to_json(const Score& score) {
  Json json = Json::object();
  json["verdicts"] = verdicts_json(score);
  json["layers"] = Json::array();
  for (const LayerJudged& layer : score.layers) {
    Json row = count_json(layer.all, "layer");
    row["reasons"] = Json::array();
    for (const Judged& reason : layer.reasons) {
      row["reasons"].push_back(count_json(reason, "reason"));
    }
    json["layers"].push_back(std::move(row));
  }
  json["kept"] = count_json(score.kept, "");
  json["dropped"] = estimate_json(score.dropped);
  json["all"] = estimate_json(score.all);
  if (score.agreement) {
    json["agreement"]["both"] = score.agreement->both;
    json["agreement"]["same"] = score.agreement->same;
    json["agreement"]["kappa"] = score.agreement->kappa ? Json(*score.agreement->kappa) : Json();
    add_odd(score.second, json["agreement"]["second"]);
  }
  json["limits"] = limits_json(score.limits);
  json["left_out"] = Json::object();
  for (const auto& [why, count] : score.left_out) {
    json["left_out"][why] = count;
  }
  return json;
}

}  // namespace aludel::curate::audit
