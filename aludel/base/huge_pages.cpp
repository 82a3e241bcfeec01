#include "aludel/base/huge_pages.h"

#include <cstdint>

#include <sys/mman.h>

namespace aludel {

void prefer_huge_pages(void* memory, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 4096;
  constexpr std::size_t kLarge = 4U << 20;  // of less, a huge page could be half empty
  if (bytes < kLarge) return;
  const auto begin = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t aligned = (begin + kPage - 1) / kPage * kPage;
  const std::uintptr_t end = (begin + bytes) / kPage * kPage;
  madvise(reinterpret_cast<void*>(aligned), end - aligned, MADV_HUGEPAGE);
}

}  // namespace aludel
