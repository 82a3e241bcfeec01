#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "aludel/io/file_system.h"

namespace aludel {

/// Bytes in memory, given out at most `piece` of them at a time.
class PieceReader final : public io::ByteReader {
 public:
  PieceReader(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t count = bytes_.copy(out.data(), std::min(piece_, out.size()), at_);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

}  // namespace aludel
