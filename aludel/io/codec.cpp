#include "aludel/io/codec.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "aludel/io/codecs/codecs.h"
#include "aludel/io/member_reader.h"

namespace aludel::io {
namespace {

constexpr CodecSpec kCodecs[] = {
    {"gzip", ".gz", "gzip, any number of members", "RFC 1952", is_gzip, make_gzip_decoder,
     make_gzip_encoder, compress_gzip, 6},
    {"zstd", ".zst", "Zstandard frames", "RFC 8878", is_zstd, make_zstd_decoder, make_zstd_encoder,
     compress_zstd, 3},
    {"deflate", "", "zlib or bare deflate (HTTP only)", "RFC 9110 8.4.1.2", nullptr,
     make_deflate_decoder, nullptr, nullptr, 0},
    {"br", "", "Brotli (HTTP only)", "RFC 7932", nullptr, make_brotli_decoder, nullptr, nullptr, 0},
};

/// All members of a file as one stream.
class DecompressedReader final : public ByteReader {
 public:
  explicit DecompressedReader(MemberReader members) : members_(std::move(members)) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (out.empty()) return std::size_t{0};
    while (true) {
      if (in_member_) {
        const std::size_t count = ALUDEL_TRY(members_.read(out));
        if (count > 0) return count;
      }
      in_member_ = ALUDEL_TRY(members_.next_member());
      if (!in_member_) return std::size_t{0};
    }
  }

 private:
  MemberReader members_;
  bool in_member_ = false;
};

class CompressedWriter final : public ByteWriter {
 public:
  CompressedWriter(std::unique_ptr<ByteWriter> file, std::unique_ptr<Encoder> encoder)
      : file_(std::move(file)), encoder_(std::move(encoder)) {}

  Status write(std::string_view bytes) override {
    encoder_->encode(bytes, ready_);
    return flush();
  }

  Status commit() override {
    encoder_->finish(ready_);
    ALUDEL_TRY(flush());
    return file_->commit();
  }

 private:
  Status flush() {
    if (!ready_.empty()) ALUDEL_TRY(file_->write(ready_));
    ready_.clear();
    return Ok{};
  }

  std::unique_ptr<ByteWriter> file_;
  std::unique_ptr<Encoder> encoder_;
  std::string ready_;
};

}  // namespace

std::span<const CodecSpec> all_codecs() {
  return kCodecs;
}

const CodecSpec* find_codec(std::string_view name) {
  const auto* found = std::ranges::find(kCodecs, name, &CodecSpec::name);
  return found == std::end(kCodecs) ? nullptr : found;
}

const CodecSpec* sniff_codec(std::string_view head) {
  const auto* found = std::ranges::find_if(kCodecs, [head](const CodecSpec& codec) {
    return codec.sniff != nullptr && codec.sniff(head);
  });
  return found == std::end(kCodecs) ? nullptr : found;
}

const CodecSpec* codec_of_path(std::string_view path) {
  const auto* found = std::ranges::find_if(kCodecs, [path](const CodecSpec& codec) {
    return !codec.extension.empty() && path.ends_with(codec.extension);
  });
  return found == std::end(kCodecs) ? nullptr : found;
}

Result<std::string> decompress(const CodecSpec& codec, std::string_view bytes,
                               std::uint64_t limit_bytes) {
  const auto decoder = codec.make_decoder();
  limit_bytes = std::min(limit_bytes, std::uint64_t{1} << 62);
  std::string out;
  std::size_t size = 0;
  bool ended = true;
  while (!bytes.empty() || !ended) {
    // One byte above the limit may be written, to tell "exactly the limit" from "more".
    const std::uint64_t room =
        std::min<std::uint64_t>(limit_bytes + 1 - size, std::max<std::size_t>(size, 16384));
    out.resize(size + room);
    const DecodeStep step = ALUDEL_TRY(decoder->decode(bytes, {out.data() + size, room}));
    bytes.remove_prefix(step.read);
    size += step.written;
    if (size > limit_bytes) {
      return Error{Code::resource_exhausted,
                   fmt::format("[{}] decodes to more than {} bytes", codec.name, limit_bytes)};
    }
    ended = step.member_ended;
    if (ended) decoder->reset();
    if (!ended && step.read == 0 && step.written == 0) {
      return Error{Code::corrupt_data, fmt::format("[{}] the data ends too early", codec.name)};
    }
  }
  out.resize(size);
  return out;
}

Result<std::string> decompress_gzip(std::string_view bytes, std::uint64_t limit_bytes) {
  return decompress(*find_codec("gzip"), bytes, limit_bytes);
}

Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t limit_bytes) {
  return decompress(*find_codec("zstd"), bytes, limit_bytes);
}

Result<std::unique_ptr<ByteReader>> open_decompressed(FileSystem& files, const std::string& path,
                                                      std::uint64_t offset) {
  auto members = ALUDEL_TRY(MemberReader::open(files, path, offset));
  return std::unique_ptr<ByteReader>(std::make_unique<DecompressedReader>(std::move(members)));
}

Result<std::unique_ptr<ByteWriter>> create_compressed(FileSystem& files, const std::string& path) {
  auto file = ALUDEL_TRY(files.create(path));
  const CodecSpec* codec = codec_of_path(path);
  if (codec == nullptr) return file;
  return std::unique_ptr<ByteWriter>(std::make_unique<CompressedWriter>(
      std::move(file), codec->make_encoder(codec->default_level)));
}

}  // namespace aludel::io
