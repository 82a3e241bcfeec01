#include "aludel/base/hash.h"

#include <fmt/format.h>
// OPTIMIZATION: most of what is hashed is a word: a call into the library takes longer than that.
#define XXH_INLINE_ALL  // NOLINT(*-naming): the library's name
#include <xxhash.h>

namespace aludel {
namespace {

Hash128 from_xxh(XXH128_hash_t hash) {
  return {hash.high64, hash.low64};
}

XXH3_state_t* typed(void* stream) {
  return static_cast<XXH3_state_t*>(stream);
}

}  // namespace

std::string Hash128::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Hash128 hash128(std::string_view bytes) {
  return from_xxh(XXH3_128bits(bytes.data(), bytes.size()));
}

Hasher128::Hasher128() : stream_(XXH3_createState()) {
  XXH3_128bits_reset(typed(stream_));
}

Hasher128::~Hasher128() {
  XXH3_freeState(typed(stream_));
}

void Hasher128::update(std::string_view bytes) {
  XXH3_128bits_update(typed(stream_), bytes.data(), bytes.size());
}

Hash128 Hasher128::digest() const {
  return from_xxh(XXH3_128bits_digest(typed(stream_)));
}

}  // namespace aludel
