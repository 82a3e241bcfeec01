#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/curate/revisit/forget/rewrite.h"
#include "aludel/curate/revisit/forget/transaction.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::curate {

/// A file that changes: its new version, and where that will stand.
struct StagedFile {
  std::string staged;
  std::string target;
};

struct ForgottenTokens {
  std::map<std::string, std::uint64_t> by_source;
  std::vector<StagedFile> files;
};

/// Stages the shards of a folder of `aludel tokenize`, and its tokens.json, without some kept
/// documents, which it knows by their ids of tokens, wherever they stand. The transaction removes
/// the folder of the staged files at its end.
/// Errors: invalid_argument when a document is not there: other shards, or another tokenizer.
Result<ForgottenTokens> stage_token_shards(io::FileSystem& files, const text::Tokenizer& tokenizer,
                                           const std::string& folder,
                                           const std::vector<FoundDocument>& documents,
                                           Transaction& transaction);

}  // namespace aludel::curate
