#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "aludel/curate/document/document.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/io/file_system.h"

// Files of a run without some documents.
namespace aludel::curate {

/// A document that goes.
struct FoundDocument {
  std::string id;
  std::string url;
  std::string source;
  std::string rejected_by;  // empty for a kept one
  std::string reason;
  std::string text;  // of a kept one
  std::uint64_t bytes = 0;
  std::vector<std::string> hashes;  // of its names
};

/// The documents of a file of kept documents or rejects that are forgotten.
Result<std::vector<FoundDocument>> find_forgotten(io::FileSystem& files, const std::string& path,
                                                  const Forgotten& forgotten);

struct RewrittenFile {
  bool changed = false;
  std::uint64_t removed = 0;
  std::uint64_t left = 0;  // lines
};

/// Writes `from`, documents (JSONL or Parquet) or the JSONL of a state, without the rows that have
/// one of the ids as their own, and with a pseudonym where another row names one. Nothing is
/// written where nothing changes.
Result<RewrittenFile> rewrite_rows(io::FileSystem& files, const std::string& from,
                                   const std::string& to,
                                   const std::set<std::string, std::less<>>& ids);

/// report/layers.json without samples of these documents. Errors: corrupt_data.
Result<RewrittenFile> rewrite_samples(io::FileSystem& files, const std::string& from,
                                      const std::string& to,
                                      const std::set<std::string, std::less<>>& ids);

}  // namespace aludel::curate
