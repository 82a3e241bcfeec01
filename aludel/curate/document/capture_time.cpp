#include "aludel/curate/document/capture_time.h"

namespace aludel::curate {

std::uint64_t capture_time(std::string_view date) {
  constexpr int kDigits = 19;  // 64 bits hold 19 digits
  std::uint64_t time = 0;
  int digits = 0;
  for (const char c : date) {
    if (c < '0' || c > '9' || digits == kDigits) continue;
    time = time * 10 + static_cast<std::uint64_t>(c - '0');
    ++digits;
  }
  for (; digits > 0 && digits < kDigits; ++digits) {
    time *= 10;
  }
  return time;
}

}  // namespace aludel::curate
