#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/rules.h"
#include "aludel/curate/report/smallest_keys.h"

// How the numbers lie that a layer notes, and the limits they are held against.
namespace aludel::curate {

/// A sample of 1,000 documents of one layer by the smallest keys. One caller at a time.
class ValueNotes {
 public:
  bool wants(std::uint64_t key) const { return rows_.wants(key); }

  /// `noted` is annotations[layer]: the numbers that rules hold against limits are taken. REQUIRES:
  /// the score is finite.
  void add(std::uint64_t key, const Verdict& verdict, const Json& noted, const Rules& rules);
  void add(const ValueNotes& other);

  Json to_json() const;
  /// Errors: corrupt_data.
  static Result<ValueNotes> from_json(const Json& json);

  /// [{"value", "low", "high", "kept": [n × 40], "dropped": [n × 40], "documents",
  /// "limits": [{"side", "least", "most"}]}]: each value that has limits, in order of name; else
  /// the verdict's score alone, as "score". Of limits that differ by document, the least and the
  /// most. 40 equal bins from the 1st to the 99th percentile, widened to a limit where that does
  /// not more than double it; what lies outside is in the end bins.
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
