#include "aludel/io/formats/warc/record_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "aludel/base/check.h"

namespace aludel::io {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{512} << 10;

}  // namespace

Result<RecordStream> RecordStream::open(FileSystem& files, const std::string& path,
                                        std::uint64_t offset) {
  return RecordStream(ALUDEL_TRY(MemberReader::open(files, path, offset)));
}

Result<std::string_view> RecordStream::peek(std::size_t wanted_bytes) {
  while (pending().size() < wanted_bytes && !ended_ && !damage_) {
    auto status = refill(wanted_bytes);
    if (status) continue;
    if (status.error().code != Code::corrupt_data) return std::move(status).error();
    damage_ = std::move(status).error();
  }
  if (damage_ && pending().empty()) return Error(*damage_);
  return pending();
}

Status RecordStream::refill(std::size_t wanted_bytes) {
  if (!in_member_) {
    damage_position_ = position_ + pending().size();
    in_member_ = ALUDEL_TRY(members_.next_member());
    ended_ = !in_member_;
    if (ended_) return Ok{};
    boundaries_.push_back({damage_position_, members_.member_offset()});
  }
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < std::max(wanted_bytes, end_ + kChunkBytes)) {
    buffer_.resize(std::max(wanted_bytes, 2 * (end_ + kChunkBytes)));
  }
  auto count = members_.read({buffer_.data() + end_, buffer_.size() - end_});
  end_ += count ? count.value() : 0;
  if (!count) return std::move(count).error();
  if (count.value() == 0) in_member_ = false;
  return Ok{};
}

void RecordStream::consume(std::size_t count) {
  ALUDEL_CHECK(count <= pending().size(), "only what is pending can be consumed");
  begin_ += count;
  position_ += count;
}

void RecordStream::unread(std::string_view bytes) {
  if (begin_ >= bytes.size()) {
    bytes.copy(buffer_.data() + begin_ - bytes.size(), bytes.size());
    begin_ -= bytes.size();
  } else {
    buffer_ = std::string(bytes).append(pending());
    begin_ = 0;
    end_ = buffer_.size();
  }
  position_ -= bytes.size();
}

std::size_t RecordStream::bytes_to_member_end() const {
  const auto next = std::ranges::upper_bound(boundaries_, position_, {}, &Boundary::position);
  if (next == boundaries_.end()) return pending().size();
  return std::min<std::uint64_t>(pending().size(), next->position - position_);
}

bool RecordStream::at_member_start() const {
  return std::ranges::binary_search(boundaries_, position_, {}, &Boundary::position);
}

std::uint64_t RecordStream::mark_record() {
  while (boundaries_.size() > 1 && boundaries_[1].position <= position_) {
    boundaries_.pop_front();
  }
  ALUDEL_CHECK(!boundaries_.empty(), "a record begins in a member");
  const Boundary& member = boundaries_.front();
  return is_compressed() ? member.file_offset : member.file_offset + position_ - member.position;
}

Result<bool> RecordStream::skip_damage(std::uint64_t end_offset) {
  consume(pending().size());
  damage_.reset();
  in_member_ = false;
  const bool found = ALUDEL_TRY(members_.skip_damage());
  ended_ = !found || members_.member_offset() >= end_offset;
  return !ended_;
}

}  // namespace aludel::io
