#include "aludel/curate/revisit/audit/verdicts.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "aludel/io/formats/jsonl.h"

namespace aludel::curate::audit {
namespace {

std::optional<Said> said_of(std::string_view word) {
  if (word == "keep" || word == "keep?") return Said::keep;
  if (word == "drop" || word == "drop?") return Said::drop;
  if (word == "unsure") return Said::unsure;
  return std::nullopt;
}

}  // namespace

Result<Verdicts> read_verdicts(io::FileSystem& files, const std::string& path,
                               const std::set<std::string>& keys) {
  auto reader = ALUDEL_TRY(io::JsonlReader::open(files, path));
  Verdicts verdicts;
  std::set<std::string> hesitant;
  for (Json row; ALUDEL_TRY(reader.next(row));) {
    const std::string key = row.string_or("key", "");
    const std::string word = row.string_or("verdict", "");
    const auto said = said_of(word);
    if (key.empty() || !said) {
      return Error{Code::corrupt_data,
                   fmt::format("{}, line {}: [audit] {}; expected {{\"key\": of the sheet, "
                               "\"verdict\": \"keep\", \"drop\" or \"unsure\"}}",
                               path, reader.line_number(),
                               key.empty() ? std::string("no \"key\"")
                                           : fmt::format("the verdict is '{}'", word))};
    }
    if (!keys.contains(key)) {
      ++verdicts.unknown;
      continue;
    }
    if (!verdicts.by_key.insert_or_assign(key, *said).second) ++verdicts.repeated;
    if (word.ends_with('?')) {
      hesitant.insert(key);
    } else {
      hesitant.erase(key);
    }
  }
  verdicts.hesitant = hesitant.size();
  return verdicts;
}

}  // namespace aludel::curate::audit
