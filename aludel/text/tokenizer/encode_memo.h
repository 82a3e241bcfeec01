#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace aludel::text {

/// Remembers what short stretches of text were encoded to, the last one of those that share a
/// place. It changes how fast an encoder is, never what it gives. Each of an encoder's callers
/// brings its own, and never one that another encoder has used. One caller at a time.
class EncodeMemo {
 public:
  EncodeMemo();

  static constexpr std::size_t kMostBytes = 16;
  static constexpr std::size_t kMostIds = 11;

  /// A stretch as two numbers, and where it would be kept.
  struct Key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t place = 0;
    std::uint32_t size_bytes = 0;
  };

  /// The stretch [begin, begin + size) of a text. REQUIRES: 0 < size <= kMostBytes.
  static Key key_of(std::string_view text, std::size_t begin, std::size_t size);

  /// Starts to fetch what find() will look at.
  void prefetch(const Key& key) const { __builtin_prefetch(&(*entries_)[key.place]); }

  /// The ids; empty where they are not known.
  std::span<const std::int32_t> find(const Key& key) const {
    const Entry& entry = (*entries_)[key.place];
    if (entry.low != key.low || entry.high != key.high || entry.size_bytes != key.size_bytes) {
      return {};
    }
    return std::span(entry.ids).first(entry.id_count);
  }

  /// Does nothing where there are more than kMostIds.
  void keep(const Key& key, std::span<const std::int32_t> ids);

 private:
  static constexpr std::size_t kPlaces = std::size_t{1} << 16;  // 4 MB

  /// One line of a cache.
  struct alignas(64) Entry {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint8_t size_bytes = 0;  // 0: empty
    std::uint8_t id_count = 0;
    std::array<std::int32_t, kMostIds> ids = {};
  };

  std::unique_ptr<std::array<Entry, kPlaces>> entries_;
};

}  // namespace aludel::text
