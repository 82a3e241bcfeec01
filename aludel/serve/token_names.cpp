#include "aludel/serve/token_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "aludel/base/utf8.h"

namespace aludel::serve {
namespace {

std::string token_name(const text::Tokenizer& tokenizer, std::int32_t id) {
  const std::string_view surface = tokenizer.surface(id);
  if (surface.empty()) {
    return id >= 0 && id < tokenizer.vocab_size() ? std::string(tokenizer.piece(id)) : "";
  }
  if (is_valid_utf8(surface)) return std::string(surface);
  std::string name = "bytes:";
  for (const char byte : surface) {
    name += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
  return name;
}

}  // namespace

std::vector<std::string> distinct_token_names(const text::Tokenizer& tokenizer,
                                              std::span<const std::int32_t> ids) {
  std::vector<std::string> names;
  for (const std::int32_t id : ids) {
    std::string name = token_name(tokenizer, id);
    if (name.empty() || std::ranges::find(names, name) != names.end()) {
      name = fmt::format("token_id:{}", id);
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::int64_t TextOffsets::push(std::int32_t id) {
  const std::int64_t place = code_points_;
  code_points_ += static_cast<std::int64_t>(count_code_points(decoder_.push(id)));
  return place;
}

}  // namespace aludel::serve
