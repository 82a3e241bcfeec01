#include "aludel/safety/pii/context.h"

#include <algorithm>
#include <string>

#include "aludel/base/ascii.h"

namespace aludel::safety {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_whole_word(std::string_view window, std::size_t begin, std::size_t end) {
  const bool continues_left =
      begin > 0 && is_ascii_letter(window[begin - 1]) && is_ascii_letter(window[begin]);
  const bool continues_right =
      end < window.size() && is_ascii_letter(window[end]) && is_ascii_letter(window[end - 1]);
  return !continues_left && !continues_right;
}

}  // namespace

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_ascii_word(char c) {
  return is_ascii_digit(c) || is_ascii_letter(c) || c == '_';
}

std::string_view line_before(std::string_view text, std::size_t position, std::size_t size_bytes) {
  std::string_view window = text.substr(0, position);
  if (window.size() > size_bytes) window.remove_prefix(window.size() - size_bytes);
  const auto newline = window.rfind('\n');
  return newline == std::string_view::npos ? window : window.substr(newline + 1);
}

std::string_view line_after(std::string_view text, std::size_t position, std::size_t size_bytes) {
  const std::string_view window = text.substr(position, size_bytes);
  return window.substr(0, window.find('\n'));
}

bool has_word(std::string_view window, std::span<const std::string_view> words) {
  const std::string lower = lower_ascii(window);
  return std::ranges::any_of(words, [&](std::string_view word) {
    for (auto at = lower.find(word); at != std::string::npos; at = lower.find(word, at + 1)) {
      if (is_whole_word(lower, at, at + word.size())) return true;
    }
    return false;
  });
}

std::string_view token_around(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::size_t kLimit = 512;
  const std::size_t lowest = begin > kLimit ? begin - kLimit : 0;
  while (begin > lowest && !is_space(text[begin - 1])) {
    --begin;
  }
  const std::size_t highest = std::min(text.size(), end + kLimit);
  while (end < highest && !is_space(text[end])) {
    ++end;
  }
  return text.substr(begin, end - begin);
}

bool is_in_url(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view token = token_around(text, begin, end);
  const std::string_view before =
      token.substr(0, static_cast<std::size_t>(text.data() + begin - token.data()));
  return before.find("://") != std::string_view::npos ||
         before.find("www.") != std::string_view::npos;
}

}  // namespace aludel::safety
