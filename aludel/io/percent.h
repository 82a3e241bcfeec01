#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Bytes in addresses: RFC 3986, 2.1.
namespace aludel::io {

enum class Slashes : std::uint8_t { encode, keep };

/// `text` with every byte but letters, digits and -._~ as %XX; slashes stay where asked.
std::string percent_encode(std::string_view text, Slashes slashes);

/// `text` with every %XX as its byte; a % without two digits stays.
std::string percent_decode(std::string_view text);

}  // namespace aludel::io
