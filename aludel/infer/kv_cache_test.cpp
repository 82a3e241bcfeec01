#include "aludel/infer/kv_cache.h"

#include <algorithm>
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

TEST(KvCache, KeepsVectorsThatAreTooSmallToScaleAsZeros) {
  const PageLayout layout = PageLayout::make(KvFormat::q8, 32);
  PagePool pool(layout);
  std::byte* page = pool.take();
  std::vector<float> key(32, 0.0F);
  key[5] = 1e-42F;  // 127 / 1e-42 is no float
  write_token(layout, page, 0, key, key);
  EXPECT_EQ(static_cast<std::int8_t>(page[5 * kPageTokens]), 0);
}

TEST(PagePool, GivesNoPageWithWhatAnotherTextLeftInIt) {
  const PageLayout layout = PageLayout::make(KvFormat::f32, 16);
  PagePool pool(layout);
  std::byte* page = pool.take();
  const std::vector<float> damaged(16, std::nanf(""));
  write_token(layout, page, 7, damaged, damaged);
  pool.give(page);
  std::byte* again = pool.take();
  ASSERT_EQ(again, page);
  EXPECT_TRUE(std::all_of(again, again + layout.bytes,
                          [](std::byte byte) { return byte == std::byte{0}; }));
}

}  // namespace
}  // namespace aludel::infer
