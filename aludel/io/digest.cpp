#include "aludel/io/digest.h"

#include <cstdint>

#include <openssl/evp.h>

#include "aludel/base/check.h"

namespace aludel::io {

std::string sha1_digest(std::string_view bytes) {
  constexpr std::size_t kSha1Bytes = 20;
  std::uint8_t hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), hash, &size, EVP_sha1(), nullptr);
  ALUDEL_CHECK(done == 1 && size == kSha1Bytes, "OpenSSL knows SHA-1");
  std::string text = "sha1:";
  for (std::size_t bit = 0; bit < kSha1Bytes * 8; bit += 5) {
    const unsigned pair =
        hash[bit / 8] * 256U + (bit / 8 + 1 < kSha1Bytes ? hash[bit / 8 + 1] : 0U);
    text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(pair >> (11 - bit % 8)) & 31U];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  std::uint8_t hash[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), hash, &size, EVP_sha256(), nullptr);
  ALUDEL_CHECK(done == 1, "OpenSSL knows SHA-256");
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += "0123456789abcdef"[hash[i] >> 4U];
    text += "0123456789abcdef"[hash[i] & 15U];
  }
  return text;
}

}  // namespace aludel::io
