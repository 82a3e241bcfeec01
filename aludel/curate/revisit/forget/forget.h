#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

struct ForgetOptions {
  std::string run;
  std::string list;  // a file: one id or URL a line; blank lines and # are passed over
  std::vector<std::string> tokens;  // folders that `aludel tokenize` made of the run's kept files
  std::string tokenizer;            // the tokenizer that they were made with
};

struct ForgetSummary {
  std::uint64_t requested = 0;
  std::vector<std::string> unmatched;  // of those, the ones that no document of the run has
  std::uint64_t kept = 0;              // documents removed from kept
  std::uint64_t rejects = 0;           // and from rejects
  std::uint64_t tokens = 0;            // and tokens of them from token shards
  std::uint64_t files = 0;             // that were written anew or removed
  std::string made_from;         // the run that this one was made from, which is left as it is
  bool was_interrupted = false;  // an earlier call was killed; this one ended it first
};

/// Removes documents from all files of a run: kept, rejects, state, samples of the report, token
/// shards. Where another document names one of them (its cluster, the copy that stayed), a
/// pseudonym stands. All files change together or not at all, also when it is killed: the same
/// call goes on. The ledger stays balanced (row `forget`), counts what went, and proves it by
/// hashes: of what was asked for, and of each file before and after. A later curation into the
/// folder does not read the documents again (forgotten.jsonl).
/// Errors: not_found for what is no finished run or list; invalid_argument where tokens were made
/// of the run and are not named, or where a document is not in token shards that are named.
Result<ForgetSummary> forget(io::FileSystem& files, Threads& threads, const ForgetOptions& options);

}  // namespace aludel::curate
