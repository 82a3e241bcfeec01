#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::app {

/// What a command prints for the text of a record; it adds to `row`, which has the record's id.
using FillRow = std::function<void(std::string_view text, Json& row)>;

/// Where a command's records have their text.
struct TextField {
  std::string_view command;  // "pii"
  std::string_view flag;     // "--text-field", which names the member
  std::string name;
};

/// Prints one JSON object for each record of JSONL files, also for those without a text; a warning
/// says of each file how many those are. Errors: those of the files.
Status print_text_rows(io::FileSystem& files, const std::vector<std::string>& paths,
                       const TextField& field, const FillRow& fill);

}  // namespace aludel::app
