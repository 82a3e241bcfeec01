#include "aludel/infer/stop_matcher.h"

#include <algorithm>
#include <utility>

namespace aludel::infer {

StopMatcher::StopMatcher(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::string StopMatcher::push(std::string_view text) {
  if (stopped_) return "";
  held_ += text;
  // The stop string that ends first counts, so that the size of the pieces changes nothing.
  std::pair<std::size_t, std::size_t> first{std::string::npos, 0};  // its end, its beginning
  for (const std::string& stop : stops_) {
    const std::size_t at = held_.find(stop);
    if (at != std::string::npos) first = std::min(first, {at + stop.size(), at});
  }
  if (first.first != std::string::npos) {
    stopped_ = true;
    held_.resize(first.second);
    return std::exchange(held_, {});
  }
  const std::size_t safe = possible_start();
  std::string shown = held_.substr(0, safe);
  held_.erase(0, safe);
  return shown;
}

std::string StopMatcher::finish() {
  return std::exchange(held_, {});
}

/// Where the longest end of the held text begins that a stop string also begins with.
std::size_t StopMatcher::possible_start() const {
  std::size_t start = held_.size();
  for (const std::string& stop : stops_) {
    const std::size_t longest = std::min(stop.size() - 1, held_.size());
    for (std::size_t size = longest; size > 0; --size) {
      if (held_.compare(held_.size() - size, size, stop, 0, size) == 0) {
        start = std::min(start, held_.size() - size);
        break;
      }
    }
  }
  return start;
}

}  // namespace aludel::infer
