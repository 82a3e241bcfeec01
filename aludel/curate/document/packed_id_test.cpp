#include "aludel/curate/document/packed_id.h"

#include <gtest/gtest.h>

#include "aludel/curate/document/capture_time.h"

namespace aludel::curate {
namespace {

TEST(CaptureTime, IsLargerForLaterTimes) {
  EXPECT_EQ(capture_time("2024-05-18T01:58:10Z"), 2024051801581000000U);
  EXPECT_LT(capture_time("2024-05-18T01:58:10Z"), capture_time("2024-05-18T01:58:10.5Z"));
  EXPECT_LT(capture_time("2024-05-18"), capture_time("2024-05-18T00:00:01Z"));
  EXPECT_LT(capture_time("2023-12-31T23:59:59.999999999Z"), capture_time("2024"));
  EXPECT_EQ(capture_time(""), 0U);
  EXPECT_EQ(capture_time("unknown"), 0U);
}

TEST(PackedId, KeepsTheIdsOfARun) {
  const std::string id = hash128("a page").hex();
  EXPECT_EQ(packed_id(id).hex(), id);
  EXPECT_EQ(packed_id("page 7"), hash128("page 7"));
  const std::string capitals(32, 'A');
  EXPECT_EQ(packed_id(capitals), hash128(capitals));  // would come back in small letters
  EXPECT_NE(packed_id("0123456789abcdef0123456789abcdex").hex(),
            "0123456789abcdef0123456789abcdex");
}

}  // namespace
}  // namespace aludel::curate
