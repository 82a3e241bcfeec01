#pragma once

#include <string>

namespace aludel::io {

/// The place on the disk that a path names, however it is written and through links, without a
/// slash at its end; an address as it is. All paths of one file have one place.
std::string place_of(const std::string& path);

}  // namespace aludel::io
