#include "aludel/io/formats/warc/framing.h"

#include <algorithm>

namespace aludel::io {
namespace {

constexpr std::size_t kScanBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxNewlines = 4096;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// How many of the pending bytes come before the next place where a record may begin. The whole
/// view when there is none, but for a tail that the bytes to come may complete.
std::size_t bytes_to_candidate(const RecordStream& stream, std::string_view pending) {
  const std::size_t line = pending.find("\nWARC/");
  const std::size_t member = stream.bytes_to_member_end();
  if (line != std::string_view::npos && line < member) return line + 1;
  if (member < pending.size() || pending.size() < kScanBytes) return member;
  return pending.size() - kRecordLineBytes;
}

}  // namespace

bool is_record_line(std::string_view text) {
  return text.size() >= kRecordLineBytes && text.starts_with("WARC/") && is_digit(text[5]) &&
         text[6] == '.' && is_digit(text[7]);
}

std::size_t find_swallowed_record(std::string_view block) {
  for (std::size_t at = block.find("\nWARC/"); at != std::string_view::npos;
       at = block.find("\nWARC/", at + 1)) {
    const std::string_view before = block.substr(0, at);
    if ((before.ends_with("\n") || before.ends_with("\n\r")) &&
        is_record_line(block.substr(at + 1))) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void strip_record_end(std::string& block) {
  for (int line = 0; line < 2 && block.ends_with('\n'); ++line) {
    block.pop_back();
    if (block.ends_with('\r')) block.pop_back();
  }
}

Result<std::string> take_newlines(RecordStream& stream) {
  std::string newlines;
  while (newlines.size() < kMaxNewlines) {
    const std::string_view pending = ALUDEL_TRY(stream.peek(1));
    if (pending.empty() || (pending[0] != '\n' && pending[0] != '\r')) break;
    newlines += pending[0];
    stream.consume(1);
  }
  return newlines;
}

Result<bool> skip_to_record(RecordStream& stream, std::string* skipped, std::uint64_t max_bytes) {
  while (true) {
    std::string_view pending = ALUDEL_TRY(stream.peek(kScanBytes));
    if (pending.empty()) return false;
    if (stream.at_member_start() && is_record_line(pending)) return true;
    const std::size_t before = bytes_to_candidate(stream, pending);
    if (skipped != nullptr) skipped->append(pending.substr(0, before));
    stream.consume(before);
    if (skipped != nullptr && skipped->size() > max_bytes) skipped = nullptr;
    pending.remove_prefix(before);
    if (before > 0 && pending.starts_with("WARC/") && !stream.at_member_start() &&
        is_record_line(ALUDEL_TRY(stream.peek(kRecordLineBytes)))) {
      return true;
    }
  }
}

}  // namespace aludel::io
