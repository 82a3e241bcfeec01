#include "aludel/curate/sources/source_config.h"

#include <algorithm>
#include <array>

#include "aludel/base/check.h"

namespace aludel::curate {
namespace {

constexpr std::array<std::string_view, 4> kProfiles = {"web", "book", "code", "qa"};

}  // namespace

std::span<const std::string_view> profile_names() {
  return kProfiles;
}

std::size_t profile_index(std::string_view profile) {
  const auto found = std::ranges::find(kProfiles, profile);
  ALUDEL_CHECK(found != kProfiles.end(), "an unknown profile passed validation");
  return static_cast<std::size_t>(found - kProfiles.begin());
}

}  // namespace aludel::curate
