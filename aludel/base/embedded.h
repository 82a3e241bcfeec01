#pragma once

#include <string_view>

namespace aludel {

/// A text file of the source tree that the build put into the program (cmake: aludel_embed).
struct EmbeddedFile {
  std::string_view name;  // without folder and extension
  std::string_view text;
};

}  // namespace aludel
