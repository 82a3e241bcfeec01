#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aludel::app {

struct Member {
  std::string name;
  std::string summary;
  std::string source;
};

/// One family of components and its members, read from their Specs.
struct Family {
  std::string_view name;
  std::vector<Member> members;
};

/// Every registry of this binary: what `aludel list` shows.
std::vector<Family> catalogue();

}  // namespace aludel::app
