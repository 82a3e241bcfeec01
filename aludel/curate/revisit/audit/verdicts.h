#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::curate::audit {

/// What a reader says of a text.
enum class Said : std::uint8_t { keep, drop, unsure };

/// One reader's verdicts on the documents of a sample.
struct Verdicts {
  std::map<std::string, Said> by_key;
  std::uint64_t unknown = 0;   // lines with a key that the sample does not have
  std::uint64_t repeated = 0;  // lines for a key that had one before; the last one counts
  std::uint64_t hesitant = 0;  // keys whose verdict is "keep?" or "drop?", which count as said
};

/// Reads lines of {"key", "verdict": "keep", "drop" or "unsure"}, and ignores other members.
/// "keep?" and "drop?" are hesitant verdicts. `keys` are those of the sample. Errors: those of
/// reading; corrupt_data for any other line, with the file's name and the line's number.
Result<Verdicts> read_verdicts(io::FileSystem& files, const std::string& path,
                               const std::set<std::string>& keys);

}  // namespace aludel::curate::audit
