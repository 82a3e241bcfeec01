#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "aludel/curate/layers/semantic/projection.cpp"
#include "aludel/curate/layers/semantic/projection.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();

namespace aludel::curate::semantic::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Writes the sums of the signed weights, over the terms in their order. Dimension d of term t is
// negative if bit d % 64 of negative[t * kDimensions / 64 + d / 64] is set.
void add_signed(std::span<const TermWeight> weights, const std::uint64_t* negative, float* out) {
  const hn::CappedTag<float, 16> tag;  // four vectors cover at most the 64 bits of a word
  const hn::RebindToUnsigned<decltype(tag)> bits;
  const std::size_t lanes = hn::Lanes(tag);
  const auto to_sign_bit = hn::Sub(hn::Set(bits, 31), hn::Iota(bits, 0));
  const auto sign_bit = hn::Set(bits, 0x80000000U);
  for (std::size_t at = 0; at < kDimensions; at += 4 * lanes) {
    auto sum0 = hn::Zero(tag);
    auto sum1 = hn::Zero(tag);
    auto sum2 = hn::Zero(tag);
    auto sum3 = hn::Zero(tag);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::uint64_t word = negative[i * (kDimensions / 64) + at / 64] >> (at % 64);
      const auto weight = hn::BitCast(bits, hn::Set(tag, weights[i].weight));
      const auto with_sign = [&](std::uint64_t lowest_bits) {
        const auto all = hn::Set(bits, static_cast<std::uint32_t>(lowest_bits));
        const auto sign = hn::And(hn::Shl(all, to_sign_bit), sign_bit);
        return hn::BitCast(tag, hn::Xor(weight, sign));
      };
      sum0 = hn::Add(sum0, with_sign(word));
      sum1 = hn::Add(sum1, with_sign(word >> lanes));
      sum2 = hn::Add(sum2, with_sign(word >> (2 * lanes)));
      sum3 = hn::Add(sum3, with_sign(word >> (3 * lanes)));
    }
    hn::StoreU(sum0, tag, out + at);
    hn::StoreU(sum1, tag, out + at + lanes);
    hn::StoreU(sum2, tag, out + at + 2 * lanes);
    hn::StoreU(sum3, tag, out + at + 3 * lanes);
  }
}

}  // namespace aludel::curate::semantic::HWY_NAMESPACE

HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>
#include <vector>

#include "aludel/base/check.h"
#include "aludel/base/rng.h"

namespace aludel::curate::semantic {

HWY_EXPORT(add_signed);

namespace {

constexpr std::size_t kSignWords = kDimensions / 64;  // of a term, with a bit for each dimension

void scale_to_one(std::span<float> point) {
  const float length = std::sqrt(dot(point, point));
  for (float& value : point) {
    value /= std::max(length, 1e-6F);
  }
}

}  // namespace

void project(std::span<const TermWeight> weights, std::uint64_t seed, std::span<float> out) {
  ALUDEL_CHECK(out.size() == kDimensions, "a point has kDimensions");
  std::vector<std::uint64_t> negative;
  negative.reserve(weights.size() * kSignWords);
  for (const TermWeight& term : weights) {
    Rng signs(seed, term.bucket);
    for (std::size_t word = 0; word < kSignWords; ++word) {
      negative.push_back(~signs.next());
    }
  }
  HWY_DYNAMIC_DISPATCH(add_signed)(weights, negative.data(), out.data());
  scale_to_one(out);
}

void project_reference(std::span<const TermWeight> weights, std::uint64_t seed,
                       std::span<float> out) {
  std::ranges::fill(out, 0.0F);
  for (const TermWeight& term : weights) {
    Rng signs(seed, term.bucket);
    for (std::size_t word = 0; word < kSignWords; ++word) {
      const std::uint64_t bits = signs.next();
      for (std::size_t i = 0; i < 64; ++i) {
        out[word * 64 + i] += (bits >> i & 1U) != 0 ? term.weight : -term.weight;
      }
    }
  }
  scale_to_one(out);
}

}  // namespace aludel::curate::semantic
#endif  // HWY_ONCE
