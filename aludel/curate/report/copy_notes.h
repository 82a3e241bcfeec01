#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/report/smallest_keys.h"

// Samples of documents that a layer dropped as copies of a kept one, for people to compare.
namespace aludel::curate {

/// A sample of one layer's groups of copies: 20 kept documents, those with the smallest hashes of
/// their ids, and up to 5 copies of each. A dropped document is a copy of the other document that
/// its annotations[layer].kept names.
class CopyNotes {
 public:
  /// Adds a judged document. `noted` is annotations[layer].
  void note(const Document& document, const Verdict& verdict, const Json& noted);
  void add(const CopyNotes& other);

  Json to_json() const;
  /// Reads what to_json() returned. Errors: corrupt_data.
  static Result<CopyNotes> from_json(const Json& json);

  /// Returns [{"id", "url", "text", "copies": n, "samples": [{"id", "url", "similarity",
  /// "text"}]}]. url and text of the kept document are missing if it was not among the sampled.
  Json summary() const;

 private:
  struct Group {
    std::string id;
    std::uint64_t copies = 0;
    SmallestKeys<Json> samples{5};
  };

  void add_group(std::uint64_t key, const Group& group);

  SmallestKeys<Group> groups_{20};
  // Kept documents whose own note says that they are kept in place of others.
  SmallestKeys<Json> stays_{1000};
};

}  // namespace aludel::curate
