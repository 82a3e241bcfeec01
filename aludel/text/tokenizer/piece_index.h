#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aludel::text {

/// A hash map from text to id, laid out for many look-ups: open addressing over one block of text.
/// Concurrent calls of find: yes.
class PieceIndex {
 public:
  /// The id of an earlier add of the same text stays.
  void add(std::string_view text, std::int32_t id);

  /// The id, or -1.
  std::int32_t find(std::string_view text) const;

  /// Size of the longest text.
  std::size_t longest_bytes() const { return longest_bytes_; }

 private:
  struct Slot {
    std::uint32_t offset = 0;
    std::uint32_t size_bytes = 0;
    std::uint32_t hash = 0;
    std::int32_t id = -1;  // -1: empty
  };

  void grow();
  std::size_t place_of(std::string_view text, std::uint64_t hash) const;

  std::vector<Slot> slots_;
  std::string texts_;
  std::size_t count_ = 0;
  std::size_t longest_bytes_ = 0;
};

}  // namespace aludel::text
