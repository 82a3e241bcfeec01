#include "aludel/curate/report_data.h"

#include <algorithm>
#include <cmath>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/cascade.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kSamplesPerReason = 4;
constexpr std::size_t kExcerptBytes = 600;
constexpr std::size_t kBytesBeforeTheDifference = 60;
constexpr std::size_t kBins = 40;

std::uint64_t key_of(const Document& document) {
  return hash64(document.id) >> 1;  // fits the signed integers of JSON
}

std::string excerpt(const std::string& text, std::size_t begin) {
  begin = utf8_boundary(text, std::min(begin, text.size()));
  return text.substr(begin,
                     utf8_boundary(text, std::min(begin + kExcerptBytes, text.size())) - begin);
}

std::size_t first_difference(const std::string& a, const std::string& b) {
  const std::size_t common = std::min(a.size(), b.size());
  const auto at = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(common), b.begin()).first -
      a.begin());
  return at > kBytesBeforeTheDifference ? at - kBytesBeforeTheDifference : 0;
}

}  // namespace

void LayerNotes::note(const Document& document, const Verdict& verdict,
                      const std::vector<std::string>& groups, const std::string* before) {
  rates_.add(groups, verdict.keep ? KeepRates::Fate::kept : KeepRates::Fate::dropped);
  const std::uint64_t key = key_of(document);
  if (std::isfinite(verdict.score)) scores_.add(key, {verdict.score, verdict.keep});
  if (!verdict.keep) {
    note_sample(verdict.reason, key, document, verdict, nullptr);
  } else if (before != nullptr) {
    note_sample("edited", key, document, verdict, before);
  }
}

void LayerNotes::note_sample(const std::string& what, std::uint64_t key, const Document& document,
                             const Verdict& verdict, const std::string* before) {
  SmallestKeys<Json>& samples = samples_.try_emplace(what, kSamplesPerReason).first->second;
  if (!samples.wants(key)) return;
  Json sample = Json::object();
  sample["id"] = document.id;
  sample["url"] = document.url;
  sample["source"] = document.source;
  sample["score"] = verdict.score;
  if (before == nullptr) {
    sample["before"] = excerpt(document.text, 0);
  } else {
    const std::size_t begin = first_difference(*before, document.text);
    sample["before"] = excerpt(*before, begin);
    sample["after"] = excerpt(document.text, begin);
  }
  samples.add(key, std::move(sample));
}

void LayerNotes::add(const LayerNotes& other) {
  rates_.add(other.rates_);
  for (const auto& [key, score] : other.scores_.values()) {
    scores_.add(key, score);
  }
  for (const auto& [what, samples] : other.samples_) {
    SmallestKeys<Json>& mine = samples_.try_emplace(what, kSamplesPerReason).first->second;
    for (const auto& [key, sample] : samples.values()) {
      mine.add(key, sample);
    }
  }
}

Json LayerNotes::to_json() const {
  Json scores = Json::array();
  for (const auto& [key, score] : scores_.values()) {
    scores.push_back(Json::Array{key, score.value, score.kept});
  }
  Json samples = Json::object();
  for (const auto& [what, kept] : samples_) {
    Json& list = samples[what];
    list = Json::array();
    for (const auto& [key, sample] : kept.values()) {
      list.push_back(Json::Array{key, sample});
    }
  }
  Json json = Json::object();
  json["scores"] = std::move(scores);
  json["rates"] = rates_.to_json();
  json["samples"] = std::move(samples);
  return json;
}

Result<LayerNotes> LayerNotes::from_json(const Json& json) {
  const Error wrong{Code::corrupt_data, "[report] notes of a layer are not what they should be"};
  const Json* scores = json.find("scores");
  const Json* samples = json.find("samples");
  if (scores == nullptr || !scores->is_array() || samples == nullptr || !samples->is_object()) {
    return wrong;
  }
  const Json* rates = json.find("rates");
  if (rates == nullptr) return wrong;
  LayerNotes notes;
  notes.rates_ = ALUDEL_TRY(KeepRates::from_json(*rates));
  for (const Json& row : scores->as_array()) {
    if (!row.is_array() || row.as_array().size() != 3) return wrong;
    const auto& cells = row.as_array();
    if (!cells[0].is_integer() || !cells[1].is_number() || !cells[2].is_bool()) return wrong;
    notes.scores_.add(static_cast<std::uint64_t>(cells[0].as_integer()),
                      {cells[1].as_number(), cells[2].as_bool()});
  }
  for (const auto& [what, list] : samples->as_object()) {
    if (!list.is_array()) return wrong;
    SmallestKeys<Json>& kept = notes.samples_.try_emplace(what, kSamplesPerReason).first->second;
    for (const Json& row : list.as_array()) {
      if (!row.is_array() || row.as_array().size() != 2 || !row.as_array()[0].is_integer()) {
        return wrong;
      }
      kept.add(static_cast<std::uint64_t>(row.as_array()[0].as_integer()), row.as_array()[1]);
    }
  }
  return notes;
}

Json LayerNotes::histogram() const {
  std::vector<double> values;
  for (const auto& [key, score] : scores_.values()) {
    values.push_back(score.value);
  }
  std::ranges::sort(values);
  double low = 0;
  double high = 1;
  if (!values.empty()) {
    const auto last = static_cast<double>(values.size() - 1);
    low = values[static_cast<std::size_t>(0.01 * last)];
    high = values[static_cast<std::size_t>(std::ceil(0.99 * last))];
  }
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  std::vector<std::int64_t> kept(kBins);
  std::vector<std::int64_t> dropped(kBins);
  for (const auto& [key, score] : scores_.values()) {
    const double place = (score.value - low) / (high - low) * static_cast<double>(kBins);
    const double bin = std::clamp(place, 0.0, static_cast<double>(kBins - 1));
    ++(score.kept ? kept : dropped)[static_cast<std::size_t>(bin)];
  }
  Json json = Json::object();
  json["low"] = low;
  json["high"] = high;
  json["kept"] = Json(Json::Array(kept.begin(), kept.end()));
  json["dropped"] = Json(Json::Array(dropped.begin(), dropped.end()));
  json["documents"] = std::uint64_t{values.size()};
  return json;
}

Json LayerNotes::summary() const {
  Json samples = Json::array();
  for (const auto& [what, kept] : samples_) {
    for (const auto& [key, sample] : kept.values()) {
      Json row = Json::object();
      row["what"] = what;
      for (const auto& [name, value] : sample.as_object()) {
        row[name] = value;
      }
      samples.push_back(std::move(row));
    }
  }
  Json json = Json::object();
  json["scores"] = histogram();
  json["keep_rates"] = rates_.summary();
  json["samples"] = std::move(samples);
  return json;
}

Json to_json(const Notes& notes) {
  Json json = Json::object();
  for (const auto& [name, layer] : notes) {
    json[name] = layer.to_json();
  }
  return json;
}

Status add_notes(Notes& notes, const Json& json) {
  if (!json.is_object()) return Error{Code::corrupt_data, "[report] notes must be an object"};
  for (const auto& [name, layer] : json.as_object()) {
    notes[name].add(ALUDEL_TRY(LayerNotes::from_json(layer)));
  }
  return Ok{};
}

Json make_layer_report(const Notes& notes) {
  Json report = Json::object();
  Json& layers = report["layers"];
  layers = Json::array();
  for (const LayerSpec* spec : cascade()) {
    const auto found = notes.find(spec->name);
    if (found == notes.end()) continue;
    Json row = Json::object();
    row["name"] = spec->name;
    row["kind"] = layer_kind_name(spec->kind);
    const Json summary = found->second.summary();
    for (const auto& [key, value] : summary.as_object()) {
      row[key] = value;
    }
    layers.push_back(std::move(row));
  }
  return report;
}

}  // namespace aludel::curate
