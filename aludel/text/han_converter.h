#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aludel/base/result.h"

namespace aludel::text {

enum class HanForm : std::uint8_t { simplified, traditional };

/// Rewrites Chinese in the other form of its characters, phrase by phrase. Concurrent convert():
/// yes. Source: OpenCC (github.com/BYVoid/OpenCC), its configurations t2s and s2t.
class HanConverter {
 public:
  /// Errors: unsupported in a build without OpenCC, not_found without its dictionaries.
  static Result<HanConverter> open(HanForm to);

  /// The text in the form asked for. `text` is valid UTF-8. A text that OpenCC cannot read comes
  /// back as it is.
  std::string convert(std::string_view text) const;

 private:
  explicit HanConverter(std::shared_ptr<void> dictionaries)
      : dictionaries_(std::move(dictionaries)) {}

  std::shared_ptr<void> dictionaries_;  // opencc_t; its header stays in the source
};

}  // namespace aludel::text
