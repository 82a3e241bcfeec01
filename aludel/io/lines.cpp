#include "aludel/io/lines.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/byte_order_mark.h"

namespace aludel::io {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteReader> bytes, std::size_t max_line_bytes)
    : bytes_(std::move(bytes)), max_line_bytes_(max_line_bytes) {}

/// Appends to the pending bytes; false at the end of the stream.
Result<bool> LineReader::refill() {
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - end_ < kChunkBytes) {
    buffer_.resize(std::max(buffer_.size() * 2, end_ + kChunkBytes));
  }
  const std::size_t count = ALUDEL_TRY(bytes_->read({buffer_.data() + end_, kChunkBytes}));
  end_ += count;
  return count > 0;
}

/// The line without the byte order mark that the stream may begin with.
std::string_view LineReader::without_mark(std::string_view line) const {
  return line_begin_ == 0 ? without_byte_order_mark(line) : line;
}

/// Gives out bytes, or leaves them out.
void LineReader::take(std::size_t bytes) {
  begin_ += bytes;
  position_ += bytes;
}

Result<bool> LineReader::skip_rest_of_line(std::uint64_t limit_bytes) {
  while (true) {
    const std::size_t pending = end_ - begin_;
    const std::size_t newline = std::string_view(buffer_).substr(begin_, pending).find('\n');
    const bool has_ended = newline != std::string_view::npos;
    const std::size_t bytes = has_ended ? newline + 1 : pending;
    if (bytes > limit_bytes) {
      take(static_cast<std::size_t>(limit_bytes));
      return false;
    }
    take(bytes);
    if (has_ended) return true;
    limit_bytes -= bytes;
    if (!ALUDEL_TRY(refill())) return false;
  }
}

Result<bool> LineReader::next(std::string_view& line) {
  ++line_number_;
  line_begin_ = position_;
  last_error_was_line_ = false;
  for (std::size_t searched = 0;;) {
    const std::string_view pending = std::string_view(buffer_).substr(begin_, end_ - begin_);
    const std::size_t newline = pending.find('\n', searched);
    const std::size_t size = std::min(newline, pending.size());
    if (size > max_line_bytes_) {
      ALUDEL_TRY(skip_rest_of_line(std::numeric_limits<std::uint64_t>::max()));
      last_error_was_line_ = true;
      return Error{Code::resource_exhausted,
                   fmt::format("line {}: longer than {} bytes", line_number_, max_line_bytes_)};
    }
    if (newline != std::string_view::npos) {
      line = without_mark(pending.substr(0, newline));
      take(newline + 1);
      return true;
    }
    searched = pending.size();
    if (ALUDEL_TRY(refill())) continue;
    const std::string_view rest = std::string_view(buffer_).substr(begin_, end_ - begin_);
    line = without_mark(rest);
    take(rest.size());
    if (rest.empty()) --line_number_;
    return !rest.empty();
  }
}

}  // namespace aludel::io
