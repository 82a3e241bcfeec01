#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// The documents that a run must not have. A name on the list is a document's id, the id that its
/// record had, or its URL; two URLs are the same if normalise_url() makes them equal. Only hashes
/// are stored, so that the list itself reveals nothing. RUN/forgotten.jsonl holds one {"xxh128"} a
/// line; later curations into the folder read it.
class Forgotten {
 public:
  /// Reads the list of a run; it is empty if the run has none. Errors: those of reading.
  static Result<Forgotten> load(io::FileSystem& files, const std::string& run_folder);

  void add(std::string_view id_or_url);

  void merge(const Forgotten& other) { hashes_.insert(other.hashes_.begin(), other.hashes_.end()); }

  /// True if one of the document's names is on the list.
  bool contains(const Document& document) const;

  /// Returns the content of forgotten.jsonl.
  std::string to_jsonl() const;

 private:
  std::set<std::string, std::less<>> hashes_;  // 32 hexadecimal digits
};

/// Returns the hashes that stand for an id or URL on a list: its own, and for a URL that of the
/// page.
std::vector<std::string> forgotten_hashes(std::string_view id_or_url);

/// Returns the hashes of all names by which a list can mean a document.
std::vector<std::string> forgotten_hashes(const Document& document);

/// Returns the hash by which the ledger proves that an id or URL was asked for.
std::string forgotten_hash(std::string_view id_or_url);

/// Returns the pseudonym that replaces a forgotten document's id where other documents name it. The
/// same id always gives the same one.
std::string forgotten_name(std::string_view id);

}  // namespace aludel::curate
