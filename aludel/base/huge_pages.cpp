#include "aludel/base/huge_pages.h"

#include <cstdint>

#include <sys/mman.h>

namespace aludel {

void prefer_huge_pages(void* memory, std::size_t bytes) {
  constexpr std::uintptr_t kPage = 4096;
  constexpr std::size_t kLarge = 4U << 20;  // of less, a huge page could be half empty
  if (bytes < kLarge) return;
  const std::size_t before = (kPage - reinterpret_cast<std::uintptr_t>(memory) % kPage) % kPage;
  madvise(static_cast<char*>(memory) + before, (bytes - before) / kPage * kPage, MADV_HUGEPAGE);
}

}  // namespace aludel
