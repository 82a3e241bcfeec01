#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/rng.h"
#include "aludel/safety/pii.h"

namespace aludel::safety {

/// Which shape a made-up value takes: a telephone number of China differs from one of America.
enum class PiiLocale : std::uint8_t { english, chinese };

/// Personal data of nobody with a right checksum: what the finder must find. Names and domains are
/// put together from syllables, numbers are drawn; every value lies outside the reserved ranges.
std::string synthetic_pii(PiiKind kind, PiiLocale locale, Rng& random);

/// A look-alike that must stay: a wrong checksum, a reserved or private range, a version number, a
/// placeholder key.
std::string synthetic_decoy(PiiKind kind, PiiLocale locale, Rng& random);

}  // namespace aludel::safety
