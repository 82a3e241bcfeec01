#pragma once

#include <string_view>

namespace aludel::serve {

/// The page at `/`: one HTML file without outside assets that talks to the API of its own server.
std::string_view chat_page();

}  // namespace aludel::serve
