#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "aludel/io/file_system.h"

namespace aludel::io {

/// The bytes of a remote file from `begin` on, at least one and most often up to `end`; a source
/// without ranges may give all the rest. REQUIRES: begin < end <= size.
using FetchRange = std::function<Result<std::string>(std::uint64_t begin, std::uint64_t end)>;

/// Reads a remote file in few large ranges: the first is small, since many readers look at a head
/// only, and each is twice as large as the one before, up to 8 MiB. One caller at a time.
/// Errors: those of the source; io_error when the ranges took more than `most_seconds` together, or
/// many of them came with a few bytes only.
class RangeReader final : public ByteReader {
 public:
  /// `name` stands in messages.
  RangeReader(std::string name, FetchRange fetch, std::uint64_t offset, std::uint64_t size_bytes,
              double most_seconds)
      : name_(std::move(name)),
        fetch_(std::move(fetch)),
        position_(offset),
        size_bytes_(size_bytes),
        left_seconds_(most_seconds) {}

  Result<std::size_t> read(std::span<char> out) override;

 private:
  Status fetch_next();

  std::string name_;
  FetchRange fetch_;
  std::uint64_t position_;  // in the file, of buffer_[begin_]
  std::uint64_t size_bytes_;
  std::uint64_t range_bytes_ = std::uint64_t{128} << 10;
  std::string buffer_;
  std::size_t begin_ = 0;
  double left_seconds_;
  int short_ranges_ = 0;
};

}  // namespace aludel::io
