#pragma once

#include <map>
#include <string>

#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/tokenize_corpus.h"

namespace aludel::curate {

/// Checks that the tokenized text is what RUN/ledger.json says was kept: the same number of bytes
/// for each source. Errors: those of reading; corrupt_data for a ledger that does not balance;
/// invalid_argument with the source that differs.
Status check_tokenized(io::FileSystem& files, const std::string& run_folder,
                       const std::map<std::string, text::TokenTotals>& sources);

}  // namespace aludel::curate
