#pragma once

#include <string>
#include <string_view>

namespace aludel {

/// `what` written `count` times.
inline std::string times(std::string_view what, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += what;
  }
  return text;
}

}  // namespace aludel
