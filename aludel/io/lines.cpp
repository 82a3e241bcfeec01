#include "aludel/io/lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace aludel::io {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{128} << 10;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteReader> bytes, std::size_t max_line_bytes)
    : bytes_(std::move(bytes)), max_line_bytes_(max_line_bytes) {}

/// Appends to the pending bytes; false at the end of the stream.
Result<bool> LineReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - end_ < kChunkBytes) {
    buffer_.resize(std::max(buffer_.size() * 2, end_ + kChunkBytes));
  }
  const std::size_t count = ALUDEL_TRY(bytes_->read({buffer_.data() + end_, kChunkBytes}));
  end_ += count;
  return count > 0;
}

Status LineReader::skip_line() {
  while (true) {
    const std::size_t newline = std::string_view(buffer_).substr(0, end_).find('\n', begin_);
    if (newline != std::string_view::npos) {
      begin_ = newline + 1;
      return Ok{};
    }
    begin_ = end_ = 0;
    if (!ALUDEL_TRY(refill())) return Ok{};
  }
}

Result<bool> LineReader::next(std::string_view& line) {
  ++line_number_;
  for (std::size_t searched = 0;;) {
    const std::string_view pending = std::string_view(buffer_).substr(begin_, end_ - begin_);
    const std::size_t newline = pending.find('\n', searched);
    const std::size_t size = std::min(newline, pending.size());
    if (size > max_line_bytes_) {
      ALUDEL_TRY(skip_line());
      return Error{Code::resource_exhausted,
                   fmt::format("line {}: longer than {} bytes", line_number_, max_line_bytes_)};
    }
    if (newline != std::string_view::npos) {
      line = pending.substr(0, newline);
      begin_ += newline + 1;
      return true;
    }
    searched = pending.size();
    if (ALUDEL_TRY(refill())) continue;
    line = std::string_view(buffer_).substr(begin_, end_ - begin_);
    begin_ = end_;
    if (line.empty()) --line_number_;
    return !line.empty();
  }
}

}  // namespace aludel::io
