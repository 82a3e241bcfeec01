#pragma once

// The documents of a cluster as records, and the groups in which they are compared.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "aludel/base/hash.h"
#include "aludel/curate/layers/semantic/projection.h"
#include "aludel/curate/learn/corpus.h"
#include "aludel/exec/record_bytes.h"
#include "aludel/exec/sorted_records.h"

namespace aludel::curate::semantic {

using Point = std::array<float, kDimensions>;

inline constexpr std::size_t kPointBytes = kDimensions * sizeof(float);

/// Returns the bytes of a point in this machine's order. Points are only in the scratch of one run.
std::string_view point_bytes(std::span<const float> point);
Point point_of(std::string_view bytes);

/// A document in one of its clusters.
struct Member {
  std::uint32_t cluster = 0;
  std::uint64_t rank = 0;  // smaller is better
  Hash128 id;
  Place place;
  double min_similarity = 0;
  std::uint64_t first_term = 0;  // number of its first term's record in its shard
  std::uint32_t terms = 0;
  Point point{};
};

inline constexpr std::size_t kSignBytes = kDimensions / 8;  // a bit a dimension: 1 if not negative
inline constexpr std::size_t kMemberKeyBytes = 4 + kSignBytes;
inline constexpr std::size_t kMemberBytes = kMemberKeyBytes + 8 + 16 + 8 + 8 + 8 + 4 + kPointBytes;

/// Writes a record that sorts by cluster, then by the signs of the point's values, then best first.
std::string_view member_record(exec::RecordBuilder& record, const Member& member);
Member member_of(std::string_view bytes);

/// Splits sorted members of many clusters into the groups that find_near_copies() makes: members of
/// a cluster with equal signs of their first values, as few values as give at most kMostCompared
/// members. Holds the members of two groups. One caller at a time.
class MemberGroups {
 public:
  explicit MemberGroups(exec::SortedRecords& records) : records_(records) {}

  /// Reads the next group of two or more, best first; false at the end. Errors: those of the
  /// records.
  Result<bool> next(std::vector<Member>& group);

 private:
  struct Ahead {
    std::string key;
    Member member;
  };

  Status look_ahead();
  std::size_t size_of_group() const;

  exec::SortedRecords& records_;
  std::deque<Ahead> ahead_;
  std::string before_;  // key of the last member of the previous group
  bool is_at_end_ = false;
};

}  // namespace aludel::curate::semantic
