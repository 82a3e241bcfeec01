#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

namespace aludel {

/// Path of a file or folder of real test data, or "" where that data is not present: the test then
/// says GTEST_SKIP() << "no shared data". ALUDEL_SHARED_DATA overrides the place.
inline std::string shared_data(std::string_view relative) {
  const char* place = std::getenv("ALUDEL_SHARED_DATA");
  const auto path =
      std::filesystem::path(place != nullptr ? place : ALUDEL_SOURCE_DIR "/../shared/data") /
      relative;
  return std::filesystem::exists(path) ? path.string() : "";
}

}  // namespace aludel
