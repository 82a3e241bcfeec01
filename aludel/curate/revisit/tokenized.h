#pragma once

#include <map>
#include <string>

#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/tokenize_corpus.h"

namespace aludel::curate {

/// Checks that what was tokenized is what RUN/ledger.json says it kept: of each source every byte
/// of text. Errors: those of reading; invalid_argument with the source that differs.
Status check_tokenized(io::FileSystem& files, const std::string& run_folder,
                       const std::map<std::string, text::TokenTotals>& sources);

}  // namespace aludel::curate
