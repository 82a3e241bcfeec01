#include "aludel/curate/layers/semantic/member_groups.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <tuple>

#include "aludel/curate/layers/semantic/near_copies.h"

namespace aludel::curate::semantic {
namespace {

/// Returns how many leading bits two keys of equal size have in common.
std::size_t common_bits(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto difference = static_cast<unsigned char>(a[i] ^ b[i]);
    if (difference != 0) return 8 * i + static_cast<std::size_t>(std::countl_zero(difference));
  }
  return 8 * a.size();
}

}  // namespace

std::string_view point_bytes(std::span<const float> point) {
  return {reinterpret_cast<const char*>(point.data()), point.size_bytes()};
}

Point point_of(std::string_view bytes) {
  ALUDEL_CHECK(bytes.size() == kPointBytes, "a point is of one size");
  Point point;
  std::memcpy(point.data(), bytes.data(), kPointBytes);
  return point;
}

std::string_view member_record(exec::RecordBuilder& record, const Member& member) {
  std::string signs(kSignBytes, '\0');
  for (std::size_t i = 0; i < kDimensions; ++i) {
    if (member.point[i] < 0) continue;
    signs[i / 8] = static_cast<char>(static_cast<unsigned char>(signs[i / 8]) | (0x80U >> i % 8));
  }
  record.clear().small(member.cluster).text(signs).number(member.rank).hash(member.id);
  record.number(member.place.number()).number(std::bit_cast<std::uint64_t>(member.min_similarity));
  return record.number(member.first_term)
      .small(member.terms)
      .text(point_bytes(member.point))
      .bytes();
}

Member member_of(std::string_view bytes) {
  Member member;
  member.cluster = exec::RecordParser(bytes).small();
  exec::RecordParser record(bytes.substr(kMemberKeyBytes));
  member.rank = record.number();
  member.id = record.hash();
  member.place = Place::of(record.number());
  member.min_similarity = std::bit_cast<double>(record.number());
  member.first_term = record.number();
  member.terms = record.small();
  member.point = point_of(record.rest());
  return member;
}

Status MemberGroups::look_ahead() {
  std::string_view bytes;
  while (!is_at_end_ && ahead_.size() <= kMostCompared) {
    is_at_end_ = !ALUDEL_TRY(records_.next(bytes));
    if (is_at_end_) break;
    ahead_.push_back({std::string(bytes.substr(0, kMemberKeyBytes)), member_of(bytes)});
  }
  return Ok{};
}

/// Returns the size of the next group. In a tree that branches at each bit of the key, the group is
/// the highest node that begins here and has few enough members.
std::size_t MemberGroups::size_of_group() const {
  constexpr std::size_t kClusterBits = 32;
  const std::string& key = ahead_.front().key;
  std::size_t bits = kClusterBits;
  if (!before_.empty()) bits = std::max(bits, common_bits(before_, key) + 1);
  if (ahead_.size() > kMostCompared) {
    bits = std::max(bits, common_bits(key, ahead_[kMostCompared].key) + 1);
  }
  bits = std::min(bits, 8 * kMemberKeyBytes);
  std::size_t size = 1;
  while (size < std::min(ahead_.size(), kMostCompared) &&
         common_bits(key, ahead_[size].key) >= bits)
    ++size;
  return size;
}

Result<bool> MemberGroups::next(std::vector<Member>& group) {
  for (;;) {
    ALUDEL_TRY(look_ahead());
    if (ahead_.empty()) return false;
    const std::size_t size = size_of_group();
    before_ = ahead_[size - 1].key;
    group.clear();
    for (std::size_t i = 0; i < size; ++i) {
      group.push_back(ahead_.front().member);
      ahead_.pop_front();
    }
    if (size > 1) break;
  }
  std::ranges::sort(group, [](const Member& a, const Member& b) {
    return std::tie(a.rank, a.id) < std::tie(b.rank, b.id);
  });
  return true;
}

}  // namespace aludel::curate::semantic
