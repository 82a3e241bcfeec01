#pragma once

#include <cstddef>
#include <vector>

/// Memory of large arrays in pages of 2 MiB.
namespace aludel {

/// Asks the system to back memory that nobody has written to by huge pages. It need not, and small
/// memory is left alone: the answer changes speed only.
void prefer_huge_pages(void* memory, std::size_t bytes);

/// Makes room for `count` elements. OPTIMIZATION: a large array that is filled once costs most in
/// the first touch of each page of 4 KiB.
template <typename T>
void reserve_large(std::vector<T>& array, std::size_t count) {
  if (count <= array.capacity()) return;
  std::vector<T> larger;
  larger.reserve(count);
  prefer_huge_pages(larger.data(), larger.capacity() * sizeof(T));
  larger.insert(larger.end(), array.begin(), array.end());
  array.swap(larger);
}

/// An array of `count` neutral elements, as reserve_large() makes room for it.
template <typename T>
std::vector<T> large_array(std::size_t count) {
  std::vector<T> array;
  reserve_large(array, count);
  array.resize(count);
  return array;
}

}  // namespace aludel
