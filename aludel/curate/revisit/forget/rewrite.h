#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "aludel/curate/document/document.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/io/file_system.h"

// Rewrites files of a run without some documents.
namespace aludel::curate {

/// A document that is removed.
struct FoundDocument {
  std::string id;
  std::string url;
  std::string source;
  std::string rejected_by;  // empty for a kept one
  std::string reason;
  std::string text;  // only of a kept one
  std::uint64_t bytes = 0;
  std::vector<std::string> hashes;  // of all its names: forgotten_hashes()
};

/// Returns the forgotten documents of a file of kept documents or rejects.
Result<std::vector<FoundDocument>> find_forgotten(io::FileSystem& files, const std::string& path,
                                                  const Forgotten& forgotten);

/// What rewriting did to a file.
struct RewrittenFile {
  bool changed = false;
  std::uint64_t removed = 0;
  std::uint64_t left = 0;  // rows
};

/// Writes the rows of `from` to `to`: documents (JSONL or Parquet), or the JSONL of a state. Leaves
/// out the rows whose own id is one of `ids`, and puts a pseudonym where another row names one.
/// Writes no file if nothing changes.
Result<RewrittenFile> rewrite_rows(io::FileSystem& files, const std::string& from,
                                   const std::string& to,
                                   const std::set<std::string, std::less<>>& ids);

/// Writes report/layers.json without the samples of these documents. Writes no file if nothing
/// changes. Errors: corrupt_data.
Result<RewrittenFile> rewrite_samples(io::FileSystem& files, const std::string& from,
                                      const std::string& to,
                                      const std::set<std::string, std::less<>>& ids);

}  // namespace aludel::curate
