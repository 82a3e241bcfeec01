#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "aludel/curate/revisit/forget/rewrite.h"
#include "aludel/curate/revisit/forget/transaction.h"
#include "aludel/text/tokenizer/tokenizer.h"

namespace aludel::curate {

/// A file that changes: the path of its new version, and the path that it will replace.
struct StagedFile {
  std::string staged;
  std::string target;
};

/// The tokens that were removed, and the files that change.
struct ForgottenTokens {
  std::map<std::string, std::uint64_t> by_source;
  std::vector<StagedFile> files;
};

/// Stages new versions of the token shards and of tokens.json in a folder that `aludel tokenize`
/// wrote, without some kept documents. Recognises a document by its token ids, wherever it is. The
/// transaction removes the folder of the staged files at its end.
/// Errors: invalid_argument if a document is not there, because the shards are of another run or
/// another tokenizer; unsupported for a tokenizer without an end piece.
Result<ForgottenTokens> stage_token_shards(io::FileSystem& files, const text::Tokenizer& tokenizer,
                                           const std::string& folder,
                                           const std::vector<FoundDocument>& documents,
                                           Transaction& transaction);

}  // namespace aludel::curate
