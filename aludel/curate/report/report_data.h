#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/report/copy_notes.h"
#include "aludel/curate/report/keep_rates.h"
#include "aludel/curate/report/smallest_keys.h"
#include "aludel/curate/report/value_notes.h"

// The data that the report shows of each layer: how its values lie, and documents before and
// after. OUT/report/layers.json holds them:
//   {"layers": [{
//     "name": "metrics",
//     "values": […],      how the noted values lie, and their limits: value_notes.h
//     "keep_rates": […],  by language, script, dialect and identity group: keep_rates.h
//     "copies": […],      of kept documents: copy_notes.h
//     "noted": [{"what": "pii.email", "documents", "total"}],
//     "classes": {CLASS: {"basis", …}},  of a layer that tells classes: LayerSpec::class_basis
//     "samples": [{"what": "kept", "edited" or REASON, "id", "url", "source", "score", "before",
//     "after"}]
//   }]}
// Samples are 20 kept, 20 edited and 20 dropped documents, and 4 of each reason, chosen by the hash
// of their ids. Their texts are excerpts of at most 400 bytes. Only edits have "after"; both texts
// then begin shortly before the first difference. "noted" counts what the layer found by kind
// (annotations that are tables of numbers, as of personal data): the documents with it, and the sum
// of counts.
// OUT/report/timing.json holds, beside the costs of stages (stage_costs.h), {"seconds": {LAYER: s},
// "bytes": {LAYER: n}, "shuffle_bytes": n} of this start of the run: the processor time in the
// layer; the bytes of text that came in, or of fetched pages if the layer makes the text; and what
// the plan with the largest shuffles left on the disk before it was removed.
namespace aludel::curate {

/// The notes of one layer for the report. One caller at a time.
class LayerNotes {
 public:
  /// Adds a judged document, the groups it is in, and what the layer noted of it. `before` is its
  /// text before the layer, or null if the layer did not change it.
  void note(const Document& document, const Verdict& verdict,
            const std::vector<std::string>& groups, const Json& noted, const std::string* before);
  void add(const LayerNotes& other);

  /// True if note_values() would take this document into its sample.
  bool wants_values(const Document& document) const;
  void note_values(const Document& document, const Verdict& verdict, const Json& noted,
                   const Rules& rules);

  /// Returns everything, for a task's output.
  Json to_json() const;
  static Result<LayerNotes> from_json(const Json& json);

  /// Returns "values", "keep_rates", "copies", "noted" and "samples" as the report has them.
  Json summary() const;

 private:
  struct Found {
    std::uint64_t documents = 0;
    std::uint64_t total = 0;
  };

  void note_sample(const std::string& list, std::uint64_t key, const Document& document,
                   const Verdict& verdict, const std::string* before);
  void note_found(const Json& noted);
  SmallestKeys<Json>& samples_of(const std::string& list);

  ValueNotes values_;
  KeepRates rates_;
  CopyNotes copies_;
  std::map<std::string, Found> found_;
  std::map<std::string, SmallestKeys<Json>>
      samples_;  // by "kept", "edited", "dropped" or "dropped:REASON"
};

/// The notes of all layers, by name.
using Notes = std::map<std::string, LayerNotes, std::less<>>;

Json to_json(const Notes& notes);

/// Adds what to_json() returned. Errors: corrupt_data.
Status add_notes(Notes& notes, const Json& json);

/// Returns the content of OUT/report/layers.json.
Json make_layer_report(const Notes& notes);

}  // namespace aludel::curate
