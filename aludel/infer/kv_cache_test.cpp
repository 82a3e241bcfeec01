#include "aludel/infer/kv_cache.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace aludel::infer {
namespace {

/// The scales of key and value of a token written to a page of 8 bits.
std::pair<float, float> scales_of(std::span<const float> key, std::span<const float> value) {
  const PageLayout layout = PageLayout::make(KvFormat::q8, key.size());
  PagePool pool(layout);
  std::byte* const page = pool.take();
  write_token(layout, page, 5, key, value);
  const auto* key_scales = reinterpret_cast<const float*>(page + layout.key_scales);
  const auto* value_scales = reinterpret_cast<const float*>(page + layout.value_scales);
  for (std::size_t d = 0; d < key.size(); ++d) {
    const auto q = reinterpret_cast<const std::int8_t*>(page)[d * kPageTokens + 5];
    if (!std::isfinite(key_scales[5])) continue;
    EXPECT_NEAR(q * key_scales[5], key[d], key_scales[5] / 2);
  }
  pool.give(page);
  return {key_scales[5], value_scales[5]};
}

TEST(KvCache, KeepsNumbersInEightBitsAndShowsWhatIsNone) {
  constexpr auto kLimits = std::numeric_limits<float>();
  const std::vector<float> good = {1, -2, 0.5F, 127};
  EXPECT_EQ(scales_of(good, good), std::pair(1.0F, 1.0F));
  for (const float broken : {kLimits.quiet_NaN(), kLimits.infinity(), -kLimits.infinity()}) {
    for (std::size_t place = 0; place < good.size(); ++place) {
      std::vector<float> bad = good;
      bad[place] = broken;
      const auto [key, value] = scales_of(bad, good);
      EXPECT_TRUE(std::isnan(key));
      EXPECT_EQ(value, 1.0F);
      EXPECT_TRUE(std::isnan(scales_of(good, bad).second));
    }
  }
}

}  // namespace
}  // namespace aludel::infer
