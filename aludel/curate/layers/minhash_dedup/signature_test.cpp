#include "aludel/curate/layers/minhash_dedup/signature.h"

#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "aludel/base/isa.h"
#include "aludel/base/rng.h"

namespace aludel::curate::minhash_dedup {
namespace {

std::vector<std::uint64_t> random_shingles(std::size_t count, std::uint64_t item) {
  Rng rng(11, item);
  std::vector<std::uint64_t> values(count);
  for (std::uint64_t& value : values) {
    value = rng.next();
  }
  return values;
}

TEST(Shingles, AreRunsOfFiveWordsOrFiveHan) {
  EXPECT_EQ(shingles("a b c d e f", 5).size(), 2U);
  EXPECT_EQ(shingles("我们爱学习吗", 5).size(), 2U);
  EXPECT_EQ(shingles("just two", 5).size(), 1U);
  EXPECT_TRUE(shingles(" ... ", 5).empty());
  EXPECT_EQ(shingles("A b, c (d) E!", 5), shingles("a B c d e", 5));
  EXPECT_NE(shingles("a b c d e", 5), shingles("a b c d 7", 5));
}

TEST(Signature, EqualsTheReferenceOnEveryInstructionSet) {
  const SignatureHashes hashes(112, 5);
  const Isa best = choose_isa("").value();
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    if (isa > best) continue;
    limit_libraries(isa);
    for (const std::size_t count : {0U, 1U, 17U, 300U}) {
      const auto set = random_shingles(count, count);
      EXPECT_EQ(hashes.signature(set), hashes.signature_reference(set)) << isa_name(isa);
    }
  }
  limit_libraries(best);
}

TEST(Signature, IsThatOfTheSetWhateverItsOrder) {
  const SignatureHashes hashes(64, 1);
  std::vector<std::uint64_t> set = random_shingles(40, 2);
  const auto expected = hashes.signature(set);
  std::vector<std::uint64_t> reversed(set.rbegin(), set.rend());
  reversed.insert(reversed.end(), set.begin(), set.end());
  EXPECT_EQ(hashes.signature(reversed), expected);
}

TEST(Signature, AgreesOnAShareOfValuesEqualToTheJaccardIndex) {
  const SignatureHashes hashes(1024, 3);
  const auto pool = random_shingles(300, 9);
  const std::span all(pool);
  // Sets of 200 shingles with 100 in common: 100 / 300.
  const auto left = hashes.signature(all.first(200));
  const auto right = hashes.signature(all.last(200));
  double equal = 0;
  for (std::size_t i = 0; i < left.size(); ++i) {
    equal += left[i] == right[i] ? 1 : 0;
  }
  EXPECT_NEAR(equal / 1024, 1.0 / 3, 4 * std::sqrt(1.0 / 3 * 2 / 3 / 1024));
}

// P(found) = 1 - (1 - s^8)^14 for Jaccard index s.
TEST(Bands, FindPairsAsOftenAsTheTheorySays) {
  const SignatureHashes hashes(112, 42);
  constexpr int kPairs = 1500;
  for (const std::size_t common : {20U, 24U, 28U, 32U, 36U}) {  // of a union of 40
    int found = 0;
    for (std::uint64_t pair = 0; pair < kPairs; ++pair) {
      const auto pool = random_shingles(40, common * 10'000 + pair);
      const std::span all(pool);
      const std::size_t own = (40 - common) / 2;
      const auto left = band_keys(hashes.signature(all.first(common + own)), 8);
      const auto right = band_keys(hashes.signature(all.last(common + own)), 8);
      bool shared = false;
      for (std::size_t band = 0; band < 14; ++band) {
        shared = shared || left[band] == right[band];
      }
      found += shared ? 1 : 0;
    }
    const double s = static_cast<double>(common) / 40;
    const double expected = 1 - std::pow(1 - std::pow(s, 8), 14);
    const double deviation = std::sqrt(expected * (1 - expected) / kPairs);
    EXPECT_NEAR(static_cast<double>(found) / kPairs, expected, 4 * deviation + 0.002) << s;
  }
}

TEST(Bands, HaveKeysThatDependOnOrderAndValue) {
  const std::vector<std::uint32_t> signature = {1, 2, 2, 1, 1, 2};
  const auto keys = band_keys(signature, 2);
  ASSERT_EQ(keys.size(), 3U);
  EXPECT_NE(keys[0], keys[1]);
  EXPECT_EQ(keys[0], keys[2]);
}

}  // namespace
}  // namespace aludel::curate::minhash_dedup
