#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "aludel/io/member_reader.h"

namespace aludel::io {

/// The decoded bytes of an archive as one stream that can be looked at ahead and pushed back, and
/// that knows where members begin. One caller at a time.
class RecordStream {
 public:
  static Result<RecordStream> open(FileSystem& files, const std::string& path,
                                   std::uint64_t offset);

  bool is_compressed() const { return members_.codec() != nullptr; }

  /// Reads ahead until `wanted_bytes` are pending and returns all that is pending; fewer where the
  /// archive ends or a damaged member begins. The view lives until the next call.
  /// Errors: io_error; corrupt_data when nothing is pending before the damage.
  Result<std::string_view> peek(std::size_t wanted_bytes);

  /// Takes `count` bytes off. REQUIRES: they are pending.
  void consume(std::size_t count);

  /// Puts bytes in front again that were just consumed.
  void unread(std::string_view bytes);

  /// Pending bytes from here to the start of the next member, as far as is read.
  std::size_t bytes_to_member_end() const;

  /// Whether a member begins here.
  bool at_member_start() const;

  /// Where in the file a record that begins here is found again: its member's offset in a
  /// compressed file, its own in a plain one. Forgets the members before it.
  std::uint64_t mark_record();

  /// The damage that peek() met, which stands until skip_damage().
  const std::optional<Error>& damage() const { return damage_; }

  /// Whether the damage that peek() met lies in a member that begins here or later.
  bool damage_is_ahead() const { return damage_ && damage_position_ >= position_; }

  /// After damage: drops what is pending and goes on at the next member; false when none is left
  /// that begins before `end_offset` of the file.
  Result<bool> skip_damage(std::uint64_t end_offset);

 private:
  struct Boundary {
    std::uint64_t position;  // of the decoded stream
    std::uint64_t file_offset;
  };

  explicit RecordStream(MemberReader members) : members_(std::move(members)) {}

  Status refill(std::size_t wanted_bytes);

  std::string_view pending() const {
    return std::string_view(buffer_).substr(begin_, end_ - begin_);
  }

  MemberReader members_;
  std::string buffer_;  // buffer_[begin_, end_) is pending
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;  // of begin_ in the decoded stream
  std::deque<Boundary> boundaries_;
  std::optional<Error> damage_;
  std::uint64_t damage_position_ = 0;  // where the damaged member begins in the decoded stream
  bool in_member_ = false;
  bool ended_ = false;
};

}  // namespace aludel::io
