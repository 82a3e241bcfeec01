#include "aludel/io/remote/range_reader.h"

#include <algorithm>

namespace aludel::io {

constexpr std::uint64_t kMaxRangeBytes = std::uint64_t{8} << 20;

Result<std::size_t> RangeReader::read(std::span<char> out) {
  if (out.empty() || position_ >= size_bytes_) return std::size_t{0};
  if (begin_ == buffer_.size()) {
    buffer_ = ALUDEL_TRY(fetch_(position_, std::min(position_ + range_bytes_, size_bytes_)));
    begin_ = 0;
    range_bytes_ = std::min(range_bytes_ * 2, kMaxRangeBytes);
    if (buffer_.empty()) return Error{Code::io_error, "a range came without a byte"};
  }
  const std::size_t count = buffer_.copy(out.data(), out.size(), begin_);
  begin_ += count;
  position_ += count;
  return count;
}

}  // namespace aludel::io
