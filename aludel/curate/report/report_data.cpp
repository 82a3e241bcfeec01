#include "aludel/curate/report/report_data.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/cascade.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kSamples = 20;
constexpr std::size_t kSamplesPerReason = 4;
constexpr std::size_t kExcerptBytes = 400;
constexpr std::size_t kBytesBeforeTheDifference = 60;

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
                      const std::vector<std::string>& groups, const Json& noted,
                      const std::string* before) {
  rates_.add(groups, verdict.keep ? KeepRates::Fate::kept : KeepRates::Fate::dropped);
  copies_.note(document, verdict, noted);
  note_found(noted);
  const std::uint64_t key = key_of(document);
  if (!verdict.keep) {
    note_sample("dropped", key, document, verdict, nullptr);
    note_sample("dropped:" + verdict.reason, key, document, verdict, nullptr);
  } else {
    note_sample(before == nullptr ? "kept" : "edited", key, document, verdict, before);
  }
}

bool LayerNotes::wants_values(const Document& document) const {
  return values_.wants(key_of(document));
}

void LayerNotes::note_values(const Document& document, const Verdict& verdict, const Json& noted,
                             const Rules& rules) {
  if (std::isfinite(verdict.score)) values_.add(key_of(document), verdict, noted, rules);
}

void LayerNotes::note_found(const Json& noted) {
  if (!noted.is_object()) return;
  for (const auto& [table, kinds] : noted.as_object()) {
    if (!kinds.is_object()) continue;
    for (const auto& [kind, count] : kinds.as_object()) {
      if (!count.is_number()) continue;
      Found& found = found_[fmt::format("{}.{}", table, kind)];
      ++found.documents;
      if (count.is_integer()) found.total += static_cast<std::uint64_t>(count.as_integer());
    }
  }
}

SmallestKeys<Json>& LayerNotes::samples_of(const std::string& list) {
  const bool is_reason = list.starts_with("dropped:");
  return samples_.try_emplace(list, is_reason ? kSamplesPerReason : kSamples).first->second;
}

void LayerNotes::note_sample(const std::string& list, std::uint64_t key, const Document& document,
                             const Verdict& verdict, const std::string* before) {
  SmallestKeys<Json>& samples = samples_of(list);
  if (!samples.wants(key)) return;
  Json sample = Json::object();
  sample["what"] = verdict.keep ? list : verdict.reason;
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
  values_.add(other.values_);
  rates_.add(other.rates_);
  copies_.add(other.copies_);
  for (const auto& [what, found] : other.found_) {
    found_[what].documents += found.documents;
    found_[what].total += found.total;
  }
  for (const auto& [list, samples] : other.samples_) {
    for (const auto& [key, sample] : samples.values()) {
      samples_of(list).add(key, sample);
    }
  }
}

Json LayerNotes::to_json() const {
  Json samples = Json::object();
  for (const auto& [what, kept] : samples_) {
    Json& list = samples[what];
    list = Json::array();
    for (const auto& [key, sample] : kept.values()) {
      list.push_back(Json::Array{key, sample});
    }
  }
  Json found = Json::array();
  for (const auto& [what, count] : found_) {
    found.push_back(Json::Array{what, count.documents, count.total});
  }
  Json json = Json::object();
  json["values"] = values_.to_json();
  json["rates"] = rates_.to_json();
  json["copies"] = copies_.to_json();
  json["found"] = std::move(found);
  json["samples"] = std::move(samples);
  return json;
}

Result<LayerNotes> LayerNotes::from_json(const Json& json) {
  const Error wrong{Code::corrupt_data, "[report] notes of a layer are not what they should be"};
  const auto part = [&](std::string_view name) {
    const Json* found = json.find(name);
    return found == nullptr ? Json() : *found;
  };
  LayerNotes notes;
  notes.values_ = ALUDEL_TRY(ValueNotes::from_json(part("values")));
  notes.rates_ = ALUDEL_TRY(KeepRates::from_json(part("rates")));
  notes.copies_ = ALUDEL_TRY(CopyNotes::from_json(part("copies")));
  const Json found = part("found");
  const Json samples = part("samples");
  if (!found.is_array() || !samples.is_object()) return wrong;
  for (const Json& row : found.as_array()) {
    if (!row.is_array() || row.as_array().size() != 3) return wrong;
    const Json::Array& cells = row.as_array();
    if (!cells[0].is_string() || !cells[1].is_integer() || !cells[2].is_integer()) return wrong;
    notes.found_[cells[0].as_string()] = {static_cast<std::uint64_t>(cells[1].as_integer()),
                                          static_cast<std::uint64_t>(cells[2].as_integer())};
  }
  for (const auto& [list, rows] : samples.as_object()) {
    if (!rows.is_array()) return wrong;
    for (const Json& row : rows.as_array()) {
      if (!row.is_array() || row.as_array().size() != 2 || !row.as_array()[0].is_integer()) {
        return wrong;
      }
      notes.samples_of(list).add(static_cast<std::uint64_t>(row.as_array()[0].as_integer()),
                                 row.as_array()[1]);
    }
  }
  return notes;
}

Json LayerNotes::summary() const {
  Json samples = Json::array();
  std::set<std::string> dropped;  // ids; a dropped document can be in two lists
  for (const auto& [list, kept] : samples_) {
    for (const auto& [key, sample] : kept.values()) {
      const bool is_new =
          !list.starts_with("dropped") || dropped.insert(sample.string_or("id", "")).second;
      if (is_new) samples.push_back(sample);
    }
  }
  Json noted = Json::array();
  for (const auto& [what, found] : found_) {
    Json row = Json::object();
    row["what"] = what;
    row["documents"] = found.documents;
    row["total"] = found.total;
    noted.push_back(std::move(row));
  }
  Json json = Json::object();
  json["values"] = values_.summary();
  json["keep_rates"] = rates_.summary();
  json["copies"] = copies_.summary();
  json["noted"] = std::move(noted);
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
    const Json summary = found->second.summary();
    for (const auto& [key, value] : summary.as_object()) {
      row[key] = value;
    }
    layers.push_back(std::move(row));
  }
  return report;
}

}  // namespace aludel::curate
