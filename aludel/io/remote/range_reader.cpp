#include "aludel/io/remote/range_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/clock.h"

namespace aludel::io {

namespace {

constexpr std::uint64_t kMaxRangeBytes = std::uint64_t{8} << 20;
constexpr std::size_t kShortRangeBytes = std::size_t{64} << 10;
constexpr int kMostShortRanges = 16;

}  // namespace

/// Fills the buffer with the range that begins at the position.
Status RangeReader::fetch_next() {
  if (left_seconds_ < 0) {
    return Error{Code::io_error,
                 fmt::format("{}: came to byte {} of {} in all the time that a file has", name_,
                             position_, size_bytes_)};
  }
  const std::uint64_t end = position_ + std::min(range_bytes_, size_bytes_ - position_);
  const double start = now_seconds();
  auto fetched = fetch_(position_, end);
  left_seconds_ -= now_seconds() - start;  // also of one that failed: a caller may try again
  buffer_ = ALUDEL_TRY(std::move(fetched));
  begin_ = 0;
  range_bytes_ = std::min(range_bytes_ * 2, kMaxRangeBytes);
  if (buffer_.empty()) return Error{Code::io_error, name_ + ": a range came without a byte"};
  if (buffer_.size() >= kShortRangeBytes || position_ + buffer_.size() >= end) return Ok{};
  if (++short_ranges_ <= kMostShortRanges) return Ok{};
  return Error{Code::io_error, fmt::format("{}: ranges come with {} bytes of {}", name_,
                                           buffer_.size(), end - position_)};
}

Result<std::size_t> RangeReader::read(std::span<char> out) {
  if (out.empty() || position_ >= size_bytes_) return std::size_t{0};
  if (begin_ == buffer_.size()) ALUDEL_TRY(fetch_next());
  const std::size_t count = buffer_.copy(out.data(), out.size(), begin_);
  begin_ += count;
  position_ += count;
  return count;
}

}  // namespace aludel::io
