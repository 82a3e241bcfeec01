#include "aludel/text/tokenizer/stream_decoder.h"

#include <algorithm>
#include <utility>

namespace aludel::text {
namespace {

/// Bytes at the end that may be the start of a character: 0 to 3.
std::size_t unfinished_bytes(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<std::uint8_t>(text[text.size() - back]);
    if (byte >= 0x80 && byte < 0xC0) continue;
    const std::size_t size = byte < 0xC2 || byte > 0xF4 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return size > back ? back : 0;
  }
  return 0;
}

}  // namespace

StreamDecoder::StreamDecoder(const Tokenizer& tokenizer, After after)
    : tokenizer_(tokenizer),
      place_(after == After::nothing ? Tokenizer::Place::start : Tokenizer::Place::middle) {}

std::string StreamDecoder::push(std::int32_t id) {
  tokenizer_.append_surface(id, place_, held_);
  const std::size_t certain = held_.size() - unfinished_bytes(held_);
  std::string out = held_.substr(0, certain);
  held_.erase(0, certain);
  return out;
}

std::string StreamDecoder::finish() {
  return std::exchange(held_, {});
}

}  // namespace aludel::text
