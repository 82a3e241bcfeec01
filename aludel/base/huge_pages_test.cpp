#include "aludel/base/huge_pages.h"

#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace aludel {
namespace {

TEST(HugePages, KeepTheElementsOfAnArrayThatIsGivenMoreRoom) {
  for (const std::size_t count : {0U, 1U, 1000U, 3'000'000U}) {  // the last one is large
    std::vector<std::uint32_t> array(count);
    std::iota(array.begin(), array.end(), 0U);
    reserve_large(array, 2 * count);
    ASSERT_EQ(array.size(), count);
    EXPECT_GE(array.capacity(), 2 * count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(array[i], i);
    }
  }
}

TEST(HugePages, GiveAnArrayOfNeutralElements) {
  const std::vector<std::uint64_t> array = large_array<std::uint64_t>(2'000'000);
  ASSERT_EQ(array.size(), 2'000'000U);
  EXPECT_EQ(std::accumulate(array.begin(), array.end(), std::uint64_t{0}), 0U);
}

TEST(HugePages, NeedNoWholePageOfMemory) {
  std::vector<char> array(10'000'001);
  prefer_huge_pages(array.data() + 1, array.size() - 1);  // begins and ends inside pages
  prefer_huge_pages(array.data() + 1, 10);
  array.assign(array.size(), 'x');
  EXPECT_EQ(array.back(), 'x');
}

}  // namespace
}  // namespace aludel
