#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "aludel/io/file_system.h"

namespace aludel::text {

/// Keeps what is written in memory, for models that are made to be asked at once.
class StringWriter final : public io::ByteWriter {
 public:
  Status write(std::string_view bytes) override {
    bytes_ += bytes;
    return Ok{};
  }

  Status commit() override { return Ok{}; }

  std::string take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
};

}  // namespace aludel::text
