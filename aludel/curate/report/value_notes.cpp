#include "aludel/curate/report/value_notes.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "aludel/curate/cascade/rules.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kBins = 40;
constexpr std::array<const char*, 2> kSideNames = {"at_least", "at_most"};

const char* side_name(Side side) {
  return kSideNames.at(side == Side::at_least ? 0 : 1);
}

/// Rounds a value to six digits, which are enough for a picture and halve what a task writes.
double rounded(double value) {
  if (value == 0) return 0;
  const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
  return std::isfinite(scale) ? std::round(value * scale) / scale : value;
}

Error wrong() {
  return Error{Code::corrupt_data, "[report] noted values of a layer are not what they should be"};
}

/// Returns a row's number: one of its values, or its score. nullptr if it has none.
const Json* number_of(const Json& row, const std::string& value) {
  const Json* values = row.find("values");
  const Json* found =
      value == "score" && values->find(value) == nullptr ? row.find("score") : values->find(value);
  return found != nullptr && found->is_number() ? found : nullptr;
}

}  // namespace

void ValueNotes::add_limit(const std::string& value, const std::string& side, Range range) {
  if (!std::isfinite(range.least) || !std::isfinite(range.most)) return;
  Range& known = limits_[value].try_emplace(side, range).first->second;
  known = {std::min(known.least, range.least), std::max(known.most, range.most)};
}

void ValueNotes::add(std::uint64_t key, const Verdict& verdict, const Json& noted,
                     const Rules& rules) {
  Json row = Json::object();
  row["kept"] = verdict.keep;
  row["score"] = rounded(verdict.score);
  Json& values = row["values"];
  values = Json::object();
  for (const auto& [rule, limit] : rules.all()) {
    if (limit >= rule->off) continue;
    const Json* value = noted.find(rule->value);
    if (value != nullptr && value->is_number() && std::isfinite(value->as_number())) {
      values[rule->value] = rounded(value->as_number());
    }
    add_limit(std::string(rule->value), side_name(rule->side), {limit, limit});
  }
  rows_.add(key, std::move(row));
}

void ValueNotes::add(const ValueNotes& other) {
  for (const auto& [key, row] : other.rows_.values()) {
    rows_.add(key, row);
  }
  for (const auto& [value, sides] : other.limits_) {
    for (const auto& [side, range] : sides) {
      add_limit(value, side, range);
    }
  }
}

Json ValueNotes::to_json() const {
  Json rows = Json::array();
  for (const auto& [key, row] : rows_.values()) {
    rows.push_back(Json::Array{key, row});
  }
  Json limits = Json::array();
  for (const auto& [value, sides] : limits_) {
    for (const auto& [side, range] : sides) {
      limits.push_back(Json::Array{value, side, range.least, range.most});
    }
  }
  Json json = Json::object();
  json["rows"] = std::move(rows);
  json["limits"] = std::move(limits);
  return json;
}

Result<ValueNotes> ValueNotes::from_json(const Json& json) {
  const Json* rows = json.find("rows");
  const Json* limits = json.find("limits");
  if (rows == nullptr || !rows->is_array() || limits == nullptr || !limits->is_array())
    return wrong();
  ValueNotes notes;
  for (const Json& pair : rows->as_array()) {
    if (!pair.is_array() || pair.as_array().size() != 2 || !pair.as_array()[0].is_integer())
      return wrong();
    const Json& row = pair.as_array()[1];
    const Json* values = row.find("values");
    const Json* kept = row.find("kept");
    if (values == nullptr || !values->is_object() || kept == nullptr || !kept->is_bool())
      return wrong();
    notes.rows_.add(static_cast<std::uint64_t>(pair.as_array()[0].as_integer()), row);
  }
  for (const Json& limit : limits->as_array()) {
    if (!limit.is_array() || limit.as_array().size() != 4) return wrong();
    const Json::Array& cells = limit.as_array();
    if (!cells[0].is_string() || !cells[1].is_string() || !cells[2].is_number() ||
        !cells[3].is_number()) {
      return wrong();
    }
    notes.add_limit(cells[0].as_string(), cells[1].as_string(),
                    {cells[2].as_number(), cells[3].as_number()});
  }
  return notes;
}

Json ValueNotes::distribution(const std::string& value, const Limits& limits) const {
  std::vector<double> numbers;
  for (const auto& [key, row] : rows_.values()) {
    if (const Json* number = number_of(row, value)) numbers.push_back(number->as_number());
  }
  std::ranges::sort(numbers);
  double low = 0;
  double high = 1;
  if (!numbers.empty()) {
    const auto last = static_cast<double>(numbers.size() - 1);
    low = numbers[static_cast<std::size_t>(0.01 * last)];
    high = numbers[static_cast<std::size_t>(std::ceil(0.99 * last))];
  }
  Json json = Json::object();
  json["value"] = value;
  json["documents"] = std::uint64_t{numbers.size()};
  json["limits"] = Json::array();
  const double widest = 2 * (high - low);
  for (const auto& [side, range] : limits) {
    if (high - range.least <= widest) low = std::min(low, range.least);
    if (range.most - low <= widest) high = std::max(high, range.most);
    Json limit = Json::object();
    limit["side"] = side;
    limit["least"] = range.least;
    limit["most"] = range.most;
    json["limits"].push_back(std::move(limit));
  }
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  std::array<std::vector<std::int64_t>, 2> bins = {std::vector<std::int64_t>(kBins),
                                                   std::vector<std::int64_t>(kBins)};
  for (const auto& [key, row] : rows_.values()) {
    const Json* number = number_of(row, value);
    if (number == nullptr) continue;
    const double place = (number->as_number() - low) / (high - low) * static_cast<double>(kBins);
    const double bin = std::clamp(place, 0.0, static_cast<double>(kBins - 1));
    ++bins.at(row.bool_or("kept", true) ? 0 : 1)[static_cast<std::size_t>(bin)];
  }
  json["low"] = low;
  json["high"] = high;
  json["kept"] = Json(Json::Array(bins[0].begin(), bins[0].end()));
  json["dropped"] = Json(Json::Array(bins[1].begin(), bins[1].end()));
  return json;
}

Json ValueNotes::summary() const {
  Json all = Json::array();
  for (const auto& [value, limits] : limits_) {
    Json one = distribution(value, limits);
    if (one.integer_or("documents", 0) > 0) all.push_back(std::move(one));
  }
  if (all.as_array().empty()) all.push_back(distribution("score", {}));
  return all;
}

}  // namespace aludel::curate
