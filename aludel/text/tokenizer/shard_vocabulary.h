#pragma once

#include <string>
#include <string_view>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/tokenizer.h"

// Which tokenizer made a token shard: tokens.json says so, docs/formats/token_shard.md.
namespace aludel::text {

/// 32 hexadecimal digits that change when any id stands for another piece.
std::string vocabulary_hash(const Tokenizer& tokenizer);

/// What a tokenizer is called in tokens.json: the last folder of its path, or the file where that
/// has another name than tokenizer files have.
std::string tokenizer_name(std::string_view path);

/// The vocabulary_hash() of the tokenizer that made PREFIX.bin; "" where tokens.json beside it does
/// not tell. Errors: those of reading.
Result<std::string> shard_vocabulary(io::FileSystem& files, const std::string& prefix);

/// Compares the tokenizer, which `path` names, with the one that made PREFIX.bin. Logs a warning
/// where tokens.json beside the shard does not tell.
/// Errors: invalid_argument for another vocabulary, naming both; those of reading.
Status check_shard_vocabulary(io::FileSystem& files, const std::string& prefix,
                              const Tokenizer& tokenizer, std::string_view path);

}  // namespace aludel::text
