#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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
  // Of opencc_t, whose header stays in the source.
  using Dictionaries = std::unique_ptr<void, void (*)(void*)>;

  explicit HanConverter(Dictionaries dictionaries) : dictionaries_(std::move(dictionaries)) {}

  Dictionaries dictionaries_;
};

}  // namespace aludel::text
