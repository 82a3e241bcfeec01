#include "aludel/planted/score.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/planted/pages.h"
#include "aludel/safety/pii.h"

namespace aludel::planted {
namespace {

constexpr std::string_view kNowhere = "nowhere";
constexpr double kTrueDuplicateShare = 0.5;

std::string collapsed(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_space) {
      result += c;
    } else if (result.empty() || result.back() != ' ') {
      result += ' ';
    }
  }
  return result;
}

bool holds(const std::string& text, const std::string& needle) {
  return text.find(collapsed(needle)) != std::string::npos;
}

bool holds_none(const std::string& text, const std::vector<std::string>& needles) {
  return std::ranges::none_of(needles, [&](const auto& needle) { return holds(text, needle); });
}

bool holds_all(const std::string& text, const std::vector<std::string>& needles) {
  return std::ranges::all_of(needles, [&](const auto& needle) { return holds(text, needle); });
}

std::ptrdiff_t layer_position(std::string_view name) {
  return std::ranges::find(curate::cascade_order(), name) - curate::cascade_order().begin();
}

/// Whether the layer drops a document for what another one says.
bool compares_documents(std::string_view name) {
  const auto spec = curate::find_layer(name);
  return spec && spec.value()->learns == curate::Learns::findings;
}

bool is_among(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// A run gives documents ids of its own and notes the one that the input had.
std::string id_in_input(const curate::Document& document) {
  return curate::record_id(document).value_or(document.id);
}

}  // namespace

double PersonalDataScore::recall() const {
  return planted == 0 ? 1 : static_cast<double>(found) / static_cast<double>(planted);
}

double PersonalDataScore::precision() const {
  return found + wrong == 0 ? 1 : static_cast<double>(found) / static_cast<double>(found + wrong);
}

PlantedScorer::PlantedScorer(std::vector<PlantedTruth> truth) : truth_(std::move(truth)) {
  for (std::size_t i = 0; i < truth_.size(); ++i) {
    truth_of_id_[truth_[i].id] = i;
  }
}

void PlantedScorer::add_original(const curate::Document& document) {
  const std::string id = id_in_input(document);
  const auto found = truth_of_id_.find(id);
  if (found == truth_of_id_.end() || truth_[found->second].kind != "clean") return;
  originals_[id] = document.text;
}

void PlantedScorer::add_reject(const curate::Document& document) {
  if (document.reason == curate::kCutAtSeam) return;  // its document comes, too
  const std::string id = id_in_input(document);
  const auto found = truth_of_id_.find(id);
  if (found == truth_of_id_.end()) return;
  records_[id] = record_of(document);
  if (truth_[found->second].kind != "clean" || !compares_documents(document.rejected_by)) return;
  auto shingles = shingle_hashes(document.text);
  for (const std::uint64_t shingle : shingles) {
    lost_shingles_[shingle] = false;
  }
  shingles_of_lost_[id] = std::move(shingles);
}

void PlantedScorer::add_kept(const curate::Document& document) {
  if (!lost_shingles_.empty()) {
    for (const std::uint64_t shingle : shingle_hashes(document.text)) {
      const auto found = lost_shingles_.find(shingle);
      if (found != lost_shingles_.end()) found->second = true;
    }
  }
  const std::string id = id_in_input(document);
  if (!truth_of_id_.contains(id)) return;
  Record& record = records_[id] = record_of(document);
  record.rejected_by.clear();
}

PlantedScorer::Record PlantedScorer::record_of(const curate::Document& document) {
  return {document.rejected_by,
          document.language,
          collapsed(document.text),
          curate::topic_of(document),
          curate::replaced_personal_data(document),
          static_cast<std::int64_t>(document.text.size())};
}

const PlantedScorer::Record* PlantedScorer::record_of(const PlantedTruth& truth) const {
  const auto found = records_.find(truth.id);
  return found == records_.end() ? nullptr : &found->second;
}

bool PlantedScorer::is_caught(const PlantedTruth& truth, const Record& record) const {
  const bool is_dropped = is_among(truth.layers, record.rejected_by);
  // Whether one of the layers saw the document and passed it on.
  const bool is_passed =
      !is_dropped && std::ranges::any_of(truth.layers, [&](const std::string& layer) {
        return record.rejected_by.empty() ||
               layer_position(record.rejected_by) > layer_position(layer);
      });
  const bool is_right =
      holds_none(record.text, truth.gone) && holds_all(record.text, truth.present);
  switch (truth.outcome) {
    case PlantedOutcome::kept:
      return is_passed && is_right;
    case PlantedOutcome::dropped:
      return is_dropped;
    case PlantedOutcome::edited:
      return is_passed && is_right;
    case PlantedOutcome::dropped_or_edited:
      return is_dropped || (is_passed && is_right);
    case PlantedOutcome::dropped_or_split:
      return is_dropped || (is_passed && !holds_all(record.text, truth.gone));
    case PlantedOutcome::kept_once:
      return is_dropped || (is_passed && !truth.gone.empty() && is_right);
    case PlantedOutcome::down_sampled:
      return is_dropped || record.topic.starts_with("ad");  // a share of them stays
  }
  return false;
}

void PlantedScorer::score_single(const PlantedTruth& truth, PlantedKindScore& score) const {
  ++score.planted;
  const Record* record = record_of(truth);
  if (record != nullptr && is_caught(truth, *record)) {
    ++score.caught;
    return;
  }
  score.missed.push_back(truth.id);
  const std::string by = record == nullptr ? std::string(kNowhere) : record->rejected_by;
  if (!by.empty() && !is_among(truth.layers, by)) ++score.elsewhere[by];
}

// One copy should stay: when the layers took all of them, none counts as caught.
void PlantedScorer::score_group(const std::vector<const PlantedTruth*>& group,
                                PlantedKindScore& score) const {
  const auto copies = static_cast<std::int64_t>(group.size()) - 1;
  std::int64_t caught = 0;
  PlantedKindScore others;
  for (const PlantedTruth* truth : group) {
    const Record* record = record_of(*truth);
    if (record != nullptr && is_caught(*truth, *record)) {
      ++caught;
      continue;
    }
    const std::string by = record == nullptr ? std::string(kNowhere) : record->rejected_by;
    if (!by.empty() && !is_among(truth->layers, by)) ++others.elsewhere[by];
  }
  score.planted += copies;
  const std::int64_t counted = caught > copies ? 0 : caught;
  score.caught += counted;
  if (counted < copies) score.missed.push_back(group[0]->group);
  std::int64_t open = copies - counted;
  for (const auto& [layer, count] : others.elsewhere) {
    const std::int64_t taken = std::min(open, count);
    if (taken > 0) score.elsewhere[layer] += taken;
    open -= taken;
  }
}

bool PlantedScorer::is_true_duplicate(const std::string& id) const {
  const auto found = shingles_of_lost_.find(id);
  if (found == shingles_of_lost_.end() || found->second.empty()) return false;
  const auto known = std::ranges::count_if(
      found->second, [&](std::uint64_t shingle) { return lost_shingles_.at(shingle); });
  return static_cast<double>(known) >=
         kTrueDuplicateShare * static_cast<double>(found->second.size());
}

void PlantedScorer::score_clean(const PlantedTruth& truth, CleanScore& score) const {
  ++score.planted;
  const Record* record = record_of(truth);
  if (record == nullptr) {
    ++score.lost[std::string(kNowhere)];
    return;
  }
  for (const auto& [kind, count] : record->replacements) {
    score.replacements[kind] += count;
  }
  score.text_bytes += record->text_bytes;
  if (record->rejected_by.empty()) return;
  const bool is_foreign = record->rejected_by == curate::cascade_order().front() &&
                          !record->language.empty() && record->language != "en" &&
                          record->language != "zh";
  if (is_foreign) {
    ++score.other_language;
  } else if (is_true_duplicate(truth.id)) {
    ++score.true_duplicates[record->rejected_by];
  } else {
    ++score.lost[record->rejected_by];
    score.lost_ids.push_back(truth.id);
  }
}

// What the finder finds in a page as it went in and what is no longer in it.
Status PlantedScorer::list_replaced(CleanScore& score) const {
  constexpr std::size_t kContext = 60;
  if (originals_.empty()) return Ok{};
  const auto finder = ALUDEL_TRY(safety::PiiFinder::create());
  for (const auto& [id, text] : originals_) {
    const auto record = records_.find(id);
    if (record == records_.end() || record->second.replacements.empty()) continue;
    for (const safety::PiiSpan& span : finder.find(text)) {
      const std::string value = text.substr(span.begin, span.end - span.begin);
      if (holds(record->second.text, value)) continue;
      const std::size_t begin = utf8_boundary(text, span.begin - std::min(span.begin, kContext));
      const std::size_t end = utf8_boundary(text, std::min(text.size(), span.end + kContext));
      score.replaced.push_back({id, std::string(safety::pii_kind_name(span.kind)), value,
                                text.substr(begin, span.begin - begin),
                                text.substr(span.end, end - span.end)});
    }
  }
  return Ok{};
}

void PlantedScorer::score_personal_data(const PlantedTruth& truth, PlantedScore& score) const {
  const std::string kind = truth.parameters.string_or("pii", "");
  const Record* record = record_of(truth);
  if (kind.empty() || record == nullptr) return;
  const bool is_seen = std::ranges::any_of(truth.layers, [&](const std::string& layer) {
    return record->rejected_by.empty() ||
           layer_position(record->rejected_by) >= layer_position(layer);
  });
  if (!is_seen) return;  // no layer that looks for it saw it
  // A value that a later layer cut off with the text around it was not replaced.
  const auto is_replaced = [&](const std::string& value) {
    return !record->replacements.empty() && !holds(record->text, value);
  };
  PersonalDataScore& tally = score.personal_data[kind];
  tally.planted += static_cast<std::int64_t>(truth.gone.size());
  tally.found += std::ranges::count_if(truth.gone, is_replaced);
  tally.wrong += std::ranges::count_if(truth.present, is_replaced);
}

Result<PlantedScore> PlantedScorer::finish() const {
  PlantedScore score;
  std::map<std::string, PlantedKindScore> kinds;
  std::map<std::string, std::vector<const PlantedTruth*>> groups;
  for (const PlantedTruth& truth : truth_) {
    if (truth.kind == "clean") {
      score_clean(truth, score.clean);
      continue;
    }
    score_personal_data(truth, score);
    PlantedKindScore& kind = kinds[truth.kind];
    kind.kind = truth.kind;
    kind.layers = truth.layers;
    if (truth.outcome == PlantedOutcome::kept_once) {
      groups[truth.group].push_back(&truth);
    } else {
      score_single(truth, kind);
    }
  }
  ALUDEL_TRY(list_replaced(score.clean));
  for (const auto& [name, group] : groups) {
    score_group(group, kinds[group[0]->kind]);
  }
  for (const PlantedKindInfo& info : planted_kinds()) {
    const auto found = kinds.find(std::string(info.name));
    if (found != kinds.end()) score.kinds.push_back(std::move(found->second));
  }
  return score;
}

}  // namespace aludel::planted
