#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Options of `aludel corpus forget`.
struct ForgetOptions {
  std::string run;
  std::string list;  // a file with one id or URL a line; blank lines and # are passed over
  std::vector<std::string> tokens;  // folders that `aludel tokenize` made of the run's kept files
  std::string tokenizer;            // the tokenizer that they were made with
};

/// What one call of forget() did.
struct ForgetSummary {
  std::uint64_t requested = 0;
  std::vector<std::string> unmatched;  // requested ones that no document of the run has
  std::uint64_t kept = 0;              // documents removed from kept
  std::uint64_t rejects = 0;           // documents removed from rejects
  std::uint64_t tokens = 0;            // tokens of them removed from token shards
  std::uint64_t files = 0;             // files that were written anew or removed
  std::string made_from;               // the run that this one was made from, which stays as it is
  bool was_interrupted = false;        // an earlier call was killed; this one ended it first
};

/// Removes documents from all files of a run: kept, rejects, state, samples of the report, token
/// shards. Puts a pseudonym where another document names one of them (as its cluster, or as the
/// copy that was kept). All files change together or not at all: if a kill interrupts the call, the
/// same call continues it. The ledger stays balanced (row `forget`), counts what was removed, and
/// proves it by hashes: of what was asked for, and of each file before and after. A later curation
/// into the folder does not take the documents again (forgotten.jsonl).
/// Errors: not_found for a run that is not finished or a list that is missing; invalid_argument if
/// tokens were made of the run and their folder is not named, or if a document is not in the token
/// shards that are named.
Result<ForgetSummary> forget(io::FileSystem& files, Threads& threads, const ForgetOptions& options);

}  // namespace aludel::curate
