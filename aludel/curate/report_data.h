#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/keep_rates.h"
#include "aludel/curate/layer.h"

// What the report shows of each layer: how its scores lie, and a few documents before and after.
// OUT/report/layers.json, besides the ledger, is all that `aludel report` reads of a curation:
//   {"layers": [{
//     "name": "metrics", "kind": "document",
//     "scores": {"low", "high", "kept": [n × 40], "dropped": [n × 40], "documents": n},
//     "keep_rates": [{"group", "documents", "kept", "ratio", "warning"}],
//     "samples": [{"what": REASON or "edited", "id", "url", "source", "score", "before", "after"}]
//   }]}
// Scores are a sample of at most 2,000 documents in 40 equal bins between the 1st and the 99th
// percentile; what lies outside is in the end bins. A sample's texts are excerpts of at most 600
// bytes; "after" is there for edits only, and both begin shortly before the first difference.
// keep_rates, by language, script and identity group of the documents: see keep_rates.h.
// OUT/report/timing.json holds {"seconds": {LAYER: s}} of CPU time in this start of the run.
namespace aludel::curate {

/// The values of the smallest keys: a sample that does not depend on the order of adding.
template <class Value>
class SmallestKeys {
 public:
  explicit SmallestKeys(std::size_t capacity) : capacity_(capacity) {}

  bool wants(std::uint64_t key) const {
    return values_.size() < capacity_ || key < values_.rbegin()->first;
  }

  void add(std::uint64_t key, Value value) {
    if (!wants(key)) return;
    values_.insert_or_assign(key, std::move(value));
    if (values_.size() > capacity_) values_.erase(std::prev(values_.end()));
  }

  const std::map<std::uint64_t, Value>& values() const { return values_; }

 private:
  std::size_t capacity_;
  std::map<std::uint64_t, Value> values_;
};

/// Notes of one layer. One caller at a time.
class LayerNotes {
 public:
  /// A judged document and the groups it is in; `before` is its text before the layer where that
  /// differs from its text now.
  void note(const Document& document, const Verdict& verdict,
            const std::vector<std::string>& groups, const std::string* before);
  void add(const LayerNotes& other);

  /// Everything, for a task's output.
  Json to_json() const;
  static Result<LayerNotes> from_json(const Json& json);

  /// "scores", "keep_rates" and "samples" as the report has them.
  Json summary() const;

 private:
  struct Score {
    double value = 0;
    bool kept = true;
  };

  void note_sample(const std::string& what, std::uint64_t key, const Document& document,
                   const Verdict& verdict, const std::string* before);
  Json histogram() const;

  SmallestKeys<Score> scores_{2000};
  KeepRates rates_;
  std::map<std::string, SmallestKeys<Json>> samples_;  // by reason, or "edited"
};

/// By name of the layer.
using Notes = std::map<std::string, LayerNotes, std::less<>>;

Json to_json(const Notes& notes);

/// Adds what to_json() gave. Errors: corrupt_data.
Status add_notes(Notes& notes, const Json& json);

/// The content of OUT/report/layers.json.
Json make_layer_report(const Notes& notes);

}  // namespace aludel::curate
