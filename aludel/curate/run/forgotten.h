#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Documents that a run must not have: by id (its own, or the one they came with) or by URL, exact
/// or equal but for what does not change the page (normalise_url). Only hashes are
/// kept, so that the list itself tells nothing. RUN/forgotten.jsonl holds one {"xxh128"} a line;
/// later curations into the folder read it.
class Forgotten {
 public:
  /// Empty where the run has none. Errors: those of reading.
  static Result<Forgotten> load(io::FileSystem& files, const std::string& run_folder);

  void add(std::string_view id_or_url);

  void merge(const Forgotten& other) { hashes_.insert(other.hashes_.begin(), other.hashes_.end()); }

  bool contains(const Document& document) const;

  /// The content of forgotten.jsonl.
  std::string to_jsonl() const;

 private:
  std::set<std::string, std::less<>> hashes_;  // 32 hexadecimal digits
};

/// The hashes that stand for an id or URL on a list: its own, and that of the page for a URL.
std::vector<std::string> forgotten_hashes(std::string_view id_or_url);

/// The hashes of all names by which a list can mean a document.
std::vector<std::string> forgotten_hashes(const Document& document);

/// Hash by which the ledger proves that an id or URL was asked for.
std::string forgotten_hash(std::string_view id_or_url);

/// What stands where a forgotten document's id was named by others: the same for the same id.
std::string forgotten_name(std::string_view id);

}  // namespace aludel::curate
