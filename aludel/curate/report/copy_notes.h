#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/cascade/layer.h"
#include "aludel/curate/report/smallest_keys.h"

// Which documents fell as copies of one that stays, for people to compare.
namespace aludel::curate {

/// A sample of one layer's groups: 20 documents that stay, by the smallest hashes of their ids,
/// with up to 5 copies of each. A dropped document whose annotations[layer].kept names another is a
/// copy of it.
class CopyNotes {
 public:
  /// `noted` is annotations[layer].
  void note(const Document& document, const Verdict& verdict, const Json& noted);
  void add(const CopyNotes& other);

  Json to_json() const;
  /// Errors: corrupt_data.
  static Result<CopyNotes> from_json(const Json& json);

  /// [{"id", "url", "text", "copies": n, "samples": [{"id", "url", "similarity", "text"}]}]; url
  /// and text of the document that stays are missing where it was not among the sampled.
  Json summary() const;

 private:
  struct Group {
    std::string id;
    std::uint64_t copies = 0;
    SmallestKeys<Json> samples{5};
  };

  void add_group(std::uint64_t key, const Group& group);

  SmallestKeys<Group> groups_{20};
  // Documents that stay instead of others, by the layer's note that they are kept themselves.
  SmallestKeys<Json> stays_{1000};
};

}  // namespace aludel::curate
