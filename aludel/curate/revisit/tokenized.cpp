#include "aludel/curate/revisit/tokenized.h"

#include <fmt/format.h>

#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {

Status check_tokenized(io::FileSystem& files, const std::string& run_folder,
                       const std::map<std::string, text::TokenTotals>& sources) {
  const std::string path = io::join_path(run_folder, kLedgerFile);
  const Json ledger = ALUDEL_TRY(parse_json(ALUDEL_TRY(io::read_file(files, path))));
  ALUDEL_TRY(check_ledger(ledger));
  const Json& known = *ledger.find("sources");
  const auto of_another = [&](const std::string& what) {
    return Error{Code::invalid_argument,
                 fmt::format("{}: [tokenize] the ledger is of other documents: {}. Give --ledger "
                             "the run whose whole kept/ is --in; the ledger stays as it was",
                             path, what)};
  };
  for (const auto& [name, totals] : sources) {
    if (known.find(name) == nullptr) return of_another(fmt::format("it has no source '{}'", name));
  }
  for (const auto& [name, source] : known.as_object()) {
    const auto found = sources.find(name);
    const std::uint64_t bytes = found == sources.end() ? 0 : found->second.bytes;
    const std::uint64_t kept =
        static_cast<std::uint64_t>(source.find("out")->integer_or("bytes_text", 0));
    if (bytes == kept) continue;
    return of_another(fmt::format("of source '{}' it kept {} bytes of text, {} were tokenized",
                                  name, kept, bytes));
  }
  return Ok{};
}

}  // namespace aludel::curate
