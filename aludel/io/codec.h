#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "aludel/io/file_system.h"

// Compressed bytes. A compressed file is a row of members (gzip members, zstd or lz4 frames), each
// of which can be decoded alone; crawl archives hold one record in each.
namespace aludel::io {

/// How far one step of a decoder came.
struct DecodeStep {
  std::size_t read = 0;
  std::size_t written = 0;
  bool member_ended = false;
};

/// Decodes members in bounded memory. One caller at a time.
class Decoder {
 public:
  Decoder() = default;
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Forgets what was read: the next byte begins a member.
  virtual void reset() = 0;

  /// Reads some of `in`, writes some of `out`. Makes progress whenever that is possible; a step
  /// that neither reads nor writes wants more input (or room). Never reads past a member's end.
  /// Errors: corrupt_data, unsupported; the decoder then needs a reset().
  virtual Result<DecodeStep> decode(std::string_view in, std::span<char> out) = 0;

  /// Decodes the member that begins `in`, if a faster way than decode() can: `in` has all of it and
  /// `out` has room for it. Else returns nothing, has read nothing, and may have written anything.
  virtual std::optional<DecodeStep> decode_whole(std::string_view in, std::span<char> out) {
    static_cast<void>(in);
    static_cast<void>(out);
    return std::nullopt;
  }
};

/// Encodes a stream in bounded memory. The same bytes in give the same bytes out, however they are
/// cut into pieces. One caller at a time.
class Encoder {
 public:
  Encoder() = default;
  virtual ~Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  /// Appends what is ready to `out`.
  virtual void encode(std::string_view in, std::string& out) = 0;

  /// Ends the member and appends the rest to `out`; the next encode() begins another.
  virtual void finish(std::string& out) = 0;
};

struct CodecSpec {
  std::string_view name;       // as in HTTP's Content-Encoding
  std::string_view extension;  // ".gz"; empty for what is no file of its own
  std::string_view summary;
  std::string_view source;
  bool (*sniff)(std::string_view head);  // whether a member begins here; null without magic bytes
  std::unique_ptr<Decoder> (*make_decoder)();
  std::unique_ptr<Encoder> (*make_encoder)(int level);         // null: read only
  std::string (*compress)(std::string_view bytes, int level);  // one member; null: read only
  int default_level;
};

std::span<const CodecSpec> all_codecs();

/// nullptr when there is none; `sniff_codec` looks at magic bytes, `codec_of_path` at extensions.
const CodecSpec* find_codec(std::string_view name);
const CodecSpec* sniff_codec(std::string_view head);
const CodecSpec* codec_of_path(std::string_view path);

/// The whole of `bytes` (all members) decoded. Errors: corrupt_data (also when it ends early),
/// resource_exhausted when the result would be larger than `limit_bytes`.
Result<std::string> decompress(const CodecSpec& codec, std::string_view bytes,
                               std::uint64_t limit_bytes);

/// One member with all of `bytes`.
std::string compress_gzip(std::string_view bytes, int level = 6);
std::string compress_zstd(std::string_view bytes, int level = 3);
Result<std::string> decompress_gzip(std::string_view bytes, std::uint64_t limit_bytes);
Result<std::string> decompress_zstd(std::string_view bytes, std::uint64_t limit_bytes);

/// The decompressed bytes of a file whose codec its magic bytes tell (else it is read as it is),
/// with bounded memory. `offset` is in the file and must be the start of a member.
/// Errors: those of FileSystem::open; unsupported for a compression that is not read, by its name;
/// corrupt_data with path and offset of the member.
Result<std::unique_ptr<ByteReader>> open_decompressed(FileSystem& files, const std::string& path,
                                                      std::uint64_t offset = 0);

/// A new file, compressed as its extension says (.gz, .zst, else plain).
Result<std::unique_ptr<ByteWriter>> create_compressed(FileSystem& files, const std::string& path);

}  // namespace aludel::io
