#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "aludel/io/file_system.h"

// Token ids of documents, one after the other, in Megatron's PREFIX.bin and PREFIX.idx; see
// docs/formats/token_shard.md.
namespace aludel::io {

/// Writes one shard. One caller at a time.
class TokenShardWriter {
 public:
  /// Ids below 65,536 take two bytes each when the vocabulary allows it, else four.
  static Result<TokenShardWriter> create(FileSystem& files, const std::string& prefix,
                                         std::int64_t vocab_size);

  /// REQUIRES: 0 <= id < vocab_size.
  Status add_document(std::span<const std::int32_t> ids);

  std::uint64_t documents() const { return lengths_.size(); }

  std::uint64_t tokens() const { return tokens_; }

  /// Makes PREFIX.bin, then PREFIX.idx visible; without it nothing is left.
  Status commit();

 private:
  TokenShardWriter() = default;
  std::string index_bytes() const;

  std::unique_ptr<ByteWriter> tokens_file_;
  std::unique_ptr<ByteWriter> index_file_;
  std::size_t id_bytes_ = 2;
  std::vector<std::int32_t> lengths_;
  std::uint64_t tokens_ = 0;
};

/// Reads one shard, mapped. Concurrent calls: yes.
class TokenShard {
 public:
  /// Errors: invalid_argument for the name of one of the files; not_found; corrupt_data where the
  /// index does not fit the tokens; unsupported for elements other than uint16 and int32, and for
  /// sequences that do not follow each other.
  static Result<TokenShard> open(FileSystem& files, const std::string& prefix);

  std::uint64_t document_count() const { return documents_; }

  std::uint64_t total_tokens() const { return tokens_; }

  /// Place of the document's first token in the shard. REQUIRES: document <= document_count(); at
  /// the count it is total_tokens().
  std::uint64_t document_begin(std::uint64_t document) const;

  std::vector<std::int32_t> document(std::uint64_t document) const;

  /// Tokens [begin, begin + out.size()) of the shard, across documents.
  /// REQUIRES: begin + out.size() <= total_tokens().
  void read(std::uint64_t begin, std::span<std::int32_t> out) const;

 private:
  TokenShard(MappedFile index, MappedFile tokens)
      : index_(std::move(index)), data_(std::move(tokens)) {}

  Status read_header();
  Status check_index();
  Status check_boundaries() const;
  std::uint64_t boundary(std::uint64_t document) const;  // its first sequence

  MappedFile index_;
  MappedFile data_;
  std::size_t id_bytes_ = 2;
  std::uint64_t sequences_ = 0;
  std::uint64_t documents_ = 0;
  std::uint64_t tokens_ = 0;
};

}  // namespace aludel::io
