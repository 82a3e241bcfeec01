#include "aludel/io/utf16_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "aludel/base/utf8.h"

namespace aludel::io {
namespace {

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

class Utf16Reader final : public ByteReader {
 public:
  Utf16Reader(std::unique_ptr<ByteReader> bytes, Utf16Order order)
      : bytes_(std::move(bytes)), order_(order) {}

  Result<std::size_t> read(std::span<char> out) override {
    while (given_ == ready_.size()) {
      if (is_done_ || out.empty()) return std::size_t{0};
      ready_.clear();
      given_ = 0;
      ALUDEL_TRY(decode_more());
    }
    const std::size_t count = ready_.copy(out.data(), out.size(), given_);
    given_ += count;
    return count;
  }

 private:
  Status decode_more() {
    const std::size_t count = ALUDEL_TRY(read_full(*bytes_, raw_));
    for (std::size_t at = 0; at + 2 <= count; at += 2) {
      const auto first = static_cast<unsigned char>(raw_[at]);
      const auto second = static_cast<unsigned char>(raw_[at + 1]);
      take_unit(order_ == Utf16Order::little_endian ? second * 256U + first
                                                    : first * 256U + second);
    }
    if (count == raw_.size()) return Ok{};
    is_done_ = true;
    if (high_ != 0) append_utf8(ready_, high_);
    if (count % 2 != 0) append_utf8(ready_, kReplacementCharacter);
    return Ok{};
  }

  void take_unit(char32_t unit) {
    if (high_ != 0) {
      const char32_t high = std::exchange(high_, 0);
      if (is_low_surrogate(unit)) {
        append_utf8(ready_, 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00));
        return;
      }
      append_utf8(ready_, high);
    }
    if (is_high_surrogate(unit)) {
      high_ = unit;
    } else {
      append_utf8(ready_, unit);
    }
  }

  std::unique_ptr<ByteReader> bytes_;
  Utf16Order order_;
  std::array<char, std::size_t{32} << 10> raw_;
  std::string ready_;  // decoded, of which given_ bytes are given out
  std::size_t given_ = 0;
  char32_t high_ = 0;  // a high surrogate whose other half may come; 0 without one
  bool is_done_ = false;
};

}  // namespace

std::unique_ptr<ByteReader> decode_utf16(std::unique_ptr<ByteReader> bytes, Utf16Order order) {
  return std::make_unique<Utf16Reader>(std::move(bytes), order);
}

}  // namespace aludel::io
