#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aludel/io/formats/token_shard.h"

namespace aludel::io {

/// Documents of token ids on their way into a random order that depends on nothing but the seed and
/// the number of each document: a uniform permutation, however many there are. Documents go to 64
/// files by the first bits of a random key; each file is then sorted by key. Memory: 64 buffers of
/// 256 KiB, then 16 bytes a document of one file, whose tokens are mapped.
/// Source: Rao 1961, Sandelius 1962: a random partition, then a random order of each part.
/// One caller at a time.
class TokenShuffle {
 public:
  /// Puts its files into `folder`, which it makes and, when done, removes.
  static Result<TokenShuffle> start(FileSystem& files, const std::string& folder,
                                    std::uint64_t seed);

  Status add_document(std::span<const std::int32_t> ids);

  /// Writes all documents in their new order; nothing may be added behind it.
  /// Errors: those of reading and writing; cancelled after a stop signal.
  Status write_to(TokenShardWriter& shard);

 private:
  struct Part {
    std::unique_ptr<ByteWriter> file;
    std::string buffer;
  };

  TokenShuffle(FileSystem& files, std::string folder, std::uint64_t seed)
      : files_(&files), folder_(std::move(folder)), seed_(seed) {}

  std::string part_path(std::size_t part) const;
  Status write_part(const std::string& path, TokenShardWriter& shard);

  FileSystem* files_;
  std::string folder_;
  std::uint64_t seed_;
  std::uint64_t documents_ = 0;
  std::vector<Part> parts_;
};

}  // namespace aludel::io
