#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "aludel/io/codec.h"
#include "aludel/io/file_system.h"

namespace aludel::io {

/// Reads a compressed file member by member and knows where each begins. One caller at a time.
class MemberReader {
 public:
  /// `offset` should be the start of a member. The codec is told by the magic bytes at the start
  /// of the file; REQUIRES: `files` outlives the reader. Errors: those of FileSystem::open;
  /// unsupported for a compression that is not read (binary.h), by its name.
  static Result<MemberReader> open(FileSystem& files, const std::string& path,
                                   std::uint64_t offset);

  /// The codec; nullptr for a plain file, which is one member from `offset` to its end.
  const CodecSpec* codec() const { return codec_; }

  /// Goes to the next member, past what is left of the current one; false at the end of the file.
  /// Errors: corrupt_data when what follows is no member.
  Result<bool> next_member();

  /// Decoded bytes of the current member; 0 at its end.
  /// Errors: corrupt_data, also when the file ends inside the member.
  Result<std::size_t> read(std::span<char> out);

  /// After an error: goes to the next place after the current member's start that looks like the
  /// start of a member, reading the file again from there; false when there is none.
  Result<bool> skip_damage();

  /// Where in the file the current member begins, and where reading has come to.
  std::uint64_t member_offset() const { return member_offset_; }

  std::uint64_t position() const { return position_; }

 private:
  MemberReader(FileSystem& files, std::string path) : files_(&files), path_(std::move(path)) {}

  Status seek(std::uint64_t offset);
  Result<bool> refill();
  std::string_view pending() const;
  Error damage(std::string_view what) const;
  Status load_head(std::size_t wanted_bytes);

  FileSystem* files_;
  std::string path_;
  const CodecSpec* codec_ = nullptr;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<ByteReader> file_;
  std::string buffer_;
  std::size_t begin_ = 0;  // buffer_[begin_, end_) is not decoded yet
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;  // of buffer_[begin_] in the file
  std::uint64_t member_offset_ = 0;
  bool file_ended_ = false;
  bool in_member_ = false;
  bool is_whole_ = false;  // nothing of the member has been decoded yet
};

}  // namespace aludel::io
