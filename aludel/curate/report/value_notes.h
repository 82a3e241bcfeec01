#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/report/smallest_keys.h"

// The distributions of the numbers that a layer notes, and the limits that they are held against.
namespace aludel::curate {

/// The values of 1,000 documents of one layer, a sample by the smallest keys. One caller at a time.
class ValueNotes {
 public:
  bool wants(std::uint64_t key) const { return rows_.wants(key); }

  /// Adds a document. Takes the numbers that rules hold against limits from `noted`, which is
  /// annotations[layer]. REQUIRES: the score is finite.
  void add(std::uint64_t key, const Verdict& verdict, const Json& noted, const Rules& rules);
  void add(const ValueNotes& other);

  Json to_json() const;
  /// Reads what to_json() returned. Errors: corrupt_data.
  static Result<ValueNotes> from_json(const Json& json);

  /// Returns [{"value", "low", "high", "kept": [n × 40], "dropped": [n × 40], "documents",
  /// "limits": [{"side", "least", "most"}]}]: a row for each value that has limits, in order of
  /// name; if there is none, one row "score" with the verdicts' scores. If a limit differs between
  /// documents, the row has its least and its most. The 40 bins are of equal width, from the 1st to
  /// the 99th percentile, widened to a limit if that does not more than double the range. The end
  /// bins also count what lies outside.
  Json summary() const;

 private:
  struct Range {
    double least;
    double most;
  };

  using Limits = std::map<std::string, Range>;  // by name of the side

  void add_limit(const std::string& value, const std::string& side, Range range);
  Json distribution(const std::string& value, const Limits& limits) const;

  SmallestKeys<Json> rows_{1000};         // {"kept", "score", "values": {name: number}}
  std::map<std::string, Limits> limits_;  // by name of the value
};

}  // namespace aludel::curate
