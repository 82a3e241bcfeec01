#include "aludel/safety/lexicon_lists.h"

#include <fmt/format.h>

namespace aludel::safety {

Result<std::vector<LexiconList>> read_lexicon_lists(io::FileSystem& files,
                                                    std::span<const std::string> lists) {
  std::vector<LexiconList> all;
  for (const std::string& list : lists) {
    const auto equals = list.find('=');
    if (equals == std::string::npos) {
      return Error{Code::invalid_argument,
                   fmt::format("[safety] list '{}', expected class=path", list)};
    }
    const SafetyClass which = ALUDEL_TRY(safety_class_named(list.substr(0, equals)));
    all.push_back({which, ALUDEL_TRY(io::read_file(files, list.substr(equals + 1)))});
  }
  return all;
}

}  // namespace aludel::safety
