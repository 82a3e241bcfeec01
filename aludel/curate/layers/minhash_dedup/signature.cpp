#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/curate/layers/minhash_dedup/signature.cpp"
#include "aludel/curate/layers/minhash_dedup/signature.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace aludel::curate::minhash_dedup::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Lowers the minima by a block of shingles. `low` and `high` are the halves of the shingles.
// REQUIRES: the multipliers and minima hold a whole number of vectors.
void update_minima(std::span<const std::uint32_t> low, std::span<const std::uint32_t> high,
                   const std::uint32_t* low_multiplier, const std::uint32_t* high_multiplier,
                   std::span<std::uint32_t> minima) {
  const hn::ScalableTag<std::uint32_t> tag;
  const std::size_t lanes = hn::Lanes(tag);
  for (std::size_t at = 0; at < minima.size(); at += lanes) {
    const auto by_low = hn::LoadU(tag, low_multiplier + at);
    const auto by_high = hn::LoadU(tag, high_multiplier + at);
    auto smallest = hn::LoadU(tag, minima.data() + at);
    for (std::size_t i = 0; i < low.size(); ++i) {
      const auto value =
          hn::Add(hn::Mul(by_low, hn::Set(tag, low[i])), hn::Mul(by_high, hn::Set(tag, high[i])));
      smallest = hn::Min(smallest, value);
    }
    hn::StoreU(smallest, tag, minima.data() + at);
  }
}

}  // namespace aludel::curate::minhash_dedup::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/rng.h"
#include "aludel/text/words.h"

namespace aludel::curate::minhash_dedup {

HWY_EXPORT(update_minima);

namespace {
constexpr std::size_t kWidestVector = 64;  // lanes; a multiple of every target's
}

std::vector<std::uint64_t> shingles(std::string_view text, std::size_t width) {
  const std::vector<std::uint64_t> words = text::word_hashes(text);
  if (words.empty()) return {};
  const text::WindowHashes windows(words);
  const std::size_t length = std::min(width, words.size());
  std::vector<std::uint64_t> hashes(words.size() - length + 1);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    hashes[i] = windows.window(i, length);
  }
  return hashes;
}

SignatureHashes::SignatureHashes(std::size_t hashes, std::uint64_t seed)
    : hashes_(hashes),
      low_multiplier_((hashes + kWidestVector - 1) / kWidestVector * kWidestVector),
      high_multiplier_(low_multiplier_.size()) {
  for (std::size_t i = 0; i < low_multiplier_.size(); ++i) {
    const std::uint64_t random = Rng(seed, i).next();
    low_multiplier_[i] = static_cast<std::uint32_t>(random);
    high_multiplier_[i] = static_cast<std::uint32_t>(random >> 32) | 1U;
  }
}

std::vector<std::uint32_t> SignatureHashes::signature(
    std::span<const std::uint64_t> shingles) const {
  std::vector<std::uint32_t> low(shingles.size());
  std::vector<std::uint32_t> high(shingles.size());
  for (std::size_t i = 0; i < shingles.size(); ++i) {
    low[i] = static_cast<std::uint32_t>(shingles[i]);
    high[i] = static_cast<std::uint32_t>(shingles[i] >> 32);
  }
  std::vector<std::uint32_t> minima(low_multiplier_.size(), UINT32_MAX);
  HWY_DYNAMIC_DISPATCH(update_minima)
  (low, high, low_multiplier_.data(), high_multiplier_.data(), minima);
  minima.resize(hashes_);
  return minima;
}

std::vector<std::uint32_t> SignatureHashes::signature_reference(
    std::span<const std::uint64_t> shingles) const {
  std::vector<std::uint32_t> minima(hashes_, UINT32_MAX);
  for (std::size_t i = 0; i < hashes_; ++i) {
    for (const std::uint64_t shingle : shingles) {
      const std::uint64_t value =
          low_multiplier_[i] * (shingle & UINT32_MAX) + high_multiplier_[i] * (shingle >> 32);
      minima[i] = std::min(minima[i], static_cast<std::uint32_t>(value));
    }
  }
  return minima;
}

std::vector<std::uint64_t> band_keys(std::span<const std::uint32_t> signature, std::size_t rows,
                                     std::uint64_t scope) {
  ALUDEL_CHECK(rows > 0 && signature.size() % rows == 0, "a signature is a whole number of bands");
  std::vector<std::uint64_t> keys(signature.size() / rows);
  for (std::size_t band = 0; band < keys.size(); ++band) {
    std::uint64_t key = scope;
    for (const std::uint32_t value : signature.subspan(band * rows, rows)) {
      key = mix64(key + value + 0x9E3779B97F4A7C15U);
    }
    keys[band] = key;
  }
  return keys;
}

}  // namespace aludel::curate::minhash_dedup
#endif  // HWY_ONCE
