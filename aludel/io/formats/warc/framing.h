#pragma once

#include <string>
#include <string_view>

#include "aludel/io/formats/warc/record_stream.h"

// How records stand one behind the other: used to read them, and to find them again after damage.
namespace aludel::io {

/// Bytes that is_record_line() looks at.
inline constexpr std::size_t kRecordLineBytes = 8;

/// Whether a record begins here: "WARC/1.0".
bool is_record_line(std::string_view text);

/// Position in a block of a record that a wrong length swallowed: one that follows an empty line;
/// npos when there is none.
std::size_t find_swallowed_record(std::string_view block);

/// Takes the two line ends off that close a record.
void strip_record_end(std::string& block);

/// Takes the line ends that stand here off the stream and returns them.
Result<std::string> take_newlines(RecordStream& stream);

/// Goes on to the next line or member that begins as a record does; what stands before it is
/// appended to `skipped` if that is not null, until that is larger than `max_bytes`.
/// False at the end of the archive.
Result<bool> skip_to_record(RecordStream& stream, std::string* skipped, std::uint64_t max_bytes);

}  // namespace aludel::io
