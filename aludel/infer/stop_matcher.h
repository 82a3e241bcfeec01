#pragma once
// Finds stop strings in text that arrives in pieces.

#include <string>
#include <string_view>
#include <vector>

namespace aludel::infer {

/// Lets text through up to the first stop string, and holds back what may be the beginning of one.
class StopMatcher {
 public:
  /// Empty stop strings are left out.
  explicit StopMatcher(std::vector<std::string> stops);

  /// The text that may be shown now. Once a stop string was seen: nothing more.
  std::string push(std::string_view text);

  /// What was held back, when no more text comes.
  std::string finish();

  bool stopped() const { return stopped_; }

 private:
  std::size_t possible_start() const;

  std::vector<std::string> stops_;
  std::string held_;
  bool stopped_ = false;
};

}  // namespace aludel::infer
