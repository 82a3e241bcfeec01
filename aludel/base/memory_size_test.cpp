#include "aludel/base/memory_size.h"

#include <gtest/gtest.h>

namespace aludel {
namespace {

TEST(MemorySize, ReadsUnitsOfAThousandAndOf1024) {
  EXPECT_EQ(parse_memory_size("4096").value(), 4096U);
  EXPECT_EQ(parse_memory_size("8GB").value(), 8'000'000'000U);
  EXPECT_EQ(parse_memory_size("1.5 MiB").value(), 1'572'864U);
  for (const char* wrong : {"", "GB", "8 gigabytes", "-1GB", "0", "nan", "1e30TB"}) {
    EXPECT_EQ(parse_memory_size(wrong).error().code, Code::invalid_argument) << wrong;
  }
}

TEST(MemorySize, KnowsTheMachine) {
  EXPECT_GT(machine_memory_bytes(), std::uint64_t{1} << 26);
}

}  // namespace
}  // namespace aludel
