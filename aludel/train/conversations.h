#pragma once

#include <string>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/train/packing.h"

namespace aludel::train {

/// Reads conversations from JSONL, {"messages": [{"role": "user", "content": "…"}, …]}, as ChatML
/// (01-ai/Yi): each message is <|im_start|>ROLE\nCONTENT<|im_end|>\n. Targets are what the
/// assistant says, its <|im_end|> included; nothing that a message contains becomes a special id.
/// Errors: those of reading; corrupt_data with file and line; unsupported when the vocabulary lacks
/// <|im_start|> or <|im_end|>.
Result<std::vector<Example>> read_conversations(io::FileSystem& files, const std::string& path,
                                                const text::Tokenizer& tokenizer);

}  // namespace aludel::train
