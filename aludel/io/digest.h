#pragma once

#include <string>
#include <string_view>

namespace aludel::io {

/// "sha1:" and the 32 base32 letters of SHA-1, as WARC-Block-Digest has them.
/// Source: RFC 3174, RFC 4648 section 6.
std::string sha1_digest(std::string_view bytes);

/// The 64 hexadecimal digits of SHA-256. Source: FIPS 180-4.
std::string sha256_hex(std::string_view bytes);

}  // namespace aludel::io
