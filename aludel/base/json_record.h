#pragma once

#include <string>
#include <string_view>

#include "aludel/base/json.h"

namespace aludel {

/// The deepest that a member of a record may nest, and the most values that a record may make. A
/// member beyond either is kept as the text of its JSON.
inline constexpr int kMaxRecordDepth = 512;
inline constexpr std::size_t kMaxRecordValues = std::size_t{1} << 20;

/// Parses one record of other people's data, a JSON value. A flaw costs what it touches, never the
/// record, wherever it leaves no doubt about what was meant:
///   - a byte order mark is taken off; bytes that are not UTF-8 and lone surrogates become U+FFFD;
///   - control characters stand for themselves, and so does the backslash of an unknown escape;
///   - a number that neither 64 bits nor a double hold is kept as its text, digit for digit, and so
///     is what begins as a number and is none (2024-05-18, 007);
///   - NaN and infinities become null; a comma behind the last item is ignored;
///   - of members of one name the last one counts, in its place.
/// Errors: corrupt_data with the place for all else, also for what is cut off; resource_exhausted
/// for a record of too many values that are not within one of its members.
Result<Json> parse_record(std::string_view text);

/// The text of a member that is meant as text: a number or boolean as it is written. Empty for
/// null, lists, objects, and a member that is not there.
std::string scalar_text(const Json* value);

}  // namespace aludel
