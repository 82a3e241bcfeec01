#include "aludel/io/member_reader.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "aludel/io/binary.h"
#include "aludel/io/codecs/codecs.h"

namespace aludel::io {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{512} << 10;     // many compressed pages
constexpr std::size_t kWholeMemberBytes = kBufferBytes / 2;      // few members are longer
constexpr std::size_t kWholeRoomBytes = std::size_t{512} << 10;  // few are longer when decoded
constexpr std::size_t kMagicBytes = 8;                           // no codec's sniff looks at more
constexpr std::size_t kLongestMagicBytes = 16;  // of compressions that are not read, too
constexpr std::uint64_t kMaxDictionaryBytes = std::uint64_t{64} << 20;

/// The decoder for a zstd file that begins with a dictionary of `frame_bytes`.
Result<std::unique_ptr<Decoder>> decoder_with_dictionary(FileSystem& files, const std::string& path,
                                                         std::uint64_t frame_bytes) {
  if (frame_bytes > kMaxDictionaryBytes) {
    return Error{Code::resource_exhausted,
                 fmt::format("{}: [zstd] a dictionary of {} bytes, at most {} are read",
                             file_name_of(path), frame_bytes, kMaxDictionaryBytes)};
  }
  auto file = ALUDEL_TRY(files.open(path, kZstdFrameHeadBytes));
  std::string dictionary(frame_bytes - kZstdFrameHeadBytes, '\0');
  if (ALUDEL_TRY(read_full(*file, dictionary)) < dictionary.size()) {
    return Error{Code::corrupt_data,
                 fmt::format("{}: [zstd] the file ends inside its dictionary", file_name_of(path))};
  }
  if (is_zstd(dictionary)) {
    dictionary = ALUDEL_TRY(decompress_zstd(dictionary, kMaxDictionaryBytes));
  }
  return make_zstd_decoder_with(dictionary);
}

}  // namespace

Result<MemberReader> MemberReader::open(FileSystem& files, const std::string& path,
                                        std::uint64_t offset) {
  MemberReader reader(files, path);
  ALUDEL_TRY(reader.seek(0));
  ALUDEL_TRY(reader.load_head(kLongestMagicBytes));
  reader.codec_ = sniff_codec(reader.pending());
  if (const std::string_view unread = unread_compression(reader.pending()); !unread.empty()) {
    return unread_compression_error(path, unread);
  }
  if (const std::uint64_t frame = zstd_dictionary_frame_bytes(reader.pending())) {
    reader.decoder_ = ALUDEL_TRY(decoder_with_dictionary(files, path, frame));
  } else if (reader.codec_ != nullptr) {
    reader.decoder_ = reader.codec_->make_decoder();
  }
  if (offset > 0) ALUDEL_TRY(reader.seek(offset));
  return reader;
}

Status MemberReader::seek(std::uint64_t offset) {
  file_ = ALUDEL_TRY(files_->open(path_, offset));
  begin_ = end_ = 0;
  position_ = member_offset_ = offset;
  file_ended_ = in_member_ = false;
  return Ok{};
}

std::string_view MemberReader::pending() const {
  return std::string_view(buffer_).substr(begin_, end_ - begin_);
}

/// Appends to the pending bytes; false at the end of the file.
Result<bool> MemberReader::refill() {
  if (buffer_.empty()) buffer_.resize(kBufferBytes);
  // Not for each of many small pieces: a byte is moved once at most before it is decoded.
  if (begin_ > kBufferBytes / 2 || begin_ == end_ || end_ == kBufferBytes) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t count = ALUDEL_TRY(file_->read({buffer_.data() + end_, kBufferBytes - end_}));
  end_ += count;
  if (count == 0) file_ended_ = true;
  return count > 0;
}

Status MemberReader::load_head(std::size_t wanted_bytes) {
  while (end_ - begin_ < wanted_bytes && !file_ended_) {
    ALUDEL_TRY(refill());
  }
  return Ok{};
}

Error MemberReader::damage(std::string_view what) const {
  return Error{Code::corrupt_data, fmt::format("{}: {} in the member at byte {}",
                                               file_name_of(path_), what, member_offset_)};
}

Result<bool> MemberReader::next_member() {
  if (in_member_) {
    char skipped[4096];
    while (ALUDEL_TRY(read(skipped)) > 0) {
    }
  }
  ALUDEL_TRY(load_head(kMagicBytes));
  if (codec_ != nullptr) {
    // Some writers pad the end with zeros, as gzip(1) allows.
    while (begin_ < end_ && buffer_[begin_] == '\0') {
      ++begin_;
      ++position_;
      ALUDEL_TRY(load_head(kMagicBytes));
    }
  }
  member_offset_ = position_;
  if (begin_ == end_) return false;
  if (codec_ != nullptr) {
    if (!codec_->sniff(pending())) {
      return damage(fmt::format("[{}] no magic bytes", codec_->name));
    }
    decoder_->reset();
  }
  in_member_ = is_whole_ = true;
  return true;
}

Result<std::size_t> MemberReader::read(std::span<char> out) {
  if (out.empty() || !in_member_) return std::size_t{0};
  while (true) {
    if (codec_ == nullptr) {
      if (begin_ == end_ && !ALUDEL_TRY(refill())) {
        in_member_ = false;
        return std::size_t{0};
      }
      const std::size_t count = std::min(out.size(), end_ - begin_);
      std::memcpy(out.data(), buffer_.data() + begin_, count);
      begin_ += count;
      position_ += count;
      return count;
    }
    if (std::exchange(is_whole_, false) && out.size() >= kWholeRoomBytes) {
      ALUDEL_TRY(load_head(kWholeMemberBytes));
      if (const auto step = decoder_->decode_whole(pending(), out)) {
        begin_ += step->read;
        position_ += step->read;
        in_member_ = false;
        return step->written;
      }
    }
    auto step = decoder_->decode(pending(), out);
    if (!step) {
      in_member_ = false;
      Error error = std::move(step).error();
      return Error{error.code, damage(error.message).message};
    }
    begin_ += step.value().read;
    position_ += step.value().read;
    if (step.value().member_ended) in_member_ = false;
    if (step.value().written > 0 || step.value().member_ended) return step.value().written;
    if (step.value().read == 0 && !ALUDEL_TRY(refill())) {
      in_member_ = false;
      return damage(fmt::format("[{}] the file ends", codec_->name));
    }
  }
}

Result<bool> MemberReader::skip_damage() {
  if (codec_ == nullptr) return false;
  ALUDEL_TRY(seek(member_offset_ + 1));
  while (true) {
    ALUDEL_TRY(load_head(kMagicBytes));
    while (end_ - begin_ >= kMagicBytes) {
      if (codec_->sniff(pending())) {
        member_offset_ = position_;
        return true;
      }
      ++begin_;
      ++position_;
    }
    if (file_ended_) return false;
  }
}

}  // namespace aludel::io
