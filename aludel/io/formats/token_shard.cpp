#include "aludel/io/formats/token_shard.h"

#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/little_endian.h"
#include "aludel/io/format.h"

// The index, little-endian: magic, u64 version 1, u8 element type, u64 sequences, u64 boundaries;
// then i32 length and i64 byte offset of each sequence; then the first sequence of each document
// and, last, the number of sequences (i64).
namespace aludel::io {
namespace {

constexpr std::string_view kIndexMagic("MMIDIDX\0\0", 9);
constexpr std::uint64_t kIndexVersion = 1;
constexpr std::uint8_t kInt32 = 4;
constexpr std::uint8_t kUint16 = 8;
constexpr std::size_t kIndexHeaderBytes = 34;
constexpr std::size_t kSequenceLengthBytes = 4;
constexpr std::size_t kSequenceOffsetBytes = 8;

Error corrupt_shard(const std::string& what) {
  return Error{Code::corrupt_data,
               "[token_shard] " + what + "; it is damaged: make it again with aludel tokenize"};
}

bool looks_like_token_shard(std::string_view head) {
  return head.starts_with(kIndexMagic);
}

}  // namespace

Result<TokenShardWriter> TokenShardWriter::create(FileSystem& files, const std::string& prefix,
                                                  std::int64_t vocab_size) {
  TokenShardWriter writer;
  writer.tokens_file_ = ALUDEL_TRY(files.create(prefix + ".bin"));
  writer.index_file_ = ALUDEL_TRY(files.create(prefix + ".idx"));
  writer.id_bytes_ = vocab_size <= std::numeric_limits<std::uint16_t>::max() + 1 ? 2 : 4;
  return writer;
}

Status TokenShardWriter::add_document(std::span<const std::int32_t> ids) {
  if (ids.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    return Error{Code::unsupported, "[token_shard] a document of 2^31 or more tokens"};
  }
  lengths_.push_back(static_cast<std::int32_t>(ids.size()));
  tokens_ += ids.size();
  if (id_bytes_ == 4) {
    return tokens_file_->write({reinterpret_cast<const char*>(ids.data()), ids.size_bytes()});
  }
  std::vector<std::uint16_t> narrow;
  narrow.reserve(ids.size());
  for (const std::int32_t id : ids) {
    ALUDEL_CHECK(id >= 0 && id <= std::numeric_limits<std::uint16_t>::max(), "id does not fit");
    narrow.push_back(static_cast<std::uint16_t>(id));
  }
  return tokens_file_->write(
      {reinterpret_cast<const char*>(narrow.data()), narrow.size() * sizeof(narrow[0])});
}

std::string TokenShardWriter::index_bytes() const {
  std::string out(kIndexMagic);
  append_number(out, kIndexVersion);
  append_number(out, id_bytes_ == 4 ? kInt32 : kUint16);
  append_number(out, std::uint64_t{lengths_.size()});
  append_number(out, std::uint64_t{lengths_.size() + 1});
  for (const std::int32_t length : lengths_) {
    append_number(out, length);
  }
  std::int64_t offset = 0;
  for (const std::int32_t length : lengths_) {
    append_number(out, offset);
    offset += static_cast<std::int64_t>(id_bytes_) * length;
  }
  for (std::size_t document = 0; document <= lengths_.size(); ++document) {
    append_number(out, static_cast<std::int64_t>(document));
  }
  return out;
}

Status TokenShardWriter::commit() {
  ALUDEL_TRY(index_file_->write(index_bytes()));
  ALUDEL_TRY(tokens_file_->commit());
  return index_file_->commit();
}

Result<TokenShard> TokenShard::open(FileSystem& files, const std::string& prefix) {
  if (prefix.ends_with(".bin") || prefix.ends_with(".idx")) {
    return Error{Code::invalid_argument,
                 fmt::format("[token_shard] {} is one file of a shard: give the prefix, {}", prefix,
                             prefix.substr(0, prefix.size() - 4))};
  }
  for (const char* split : {"train", "valid"}) {
    const std::string inside = join_path(prefix, split);
    if (files.info(prefix + ".idx") || !files.info(inside + ".idx")) continue;
    return Error{Code::invalid_argument,
                 fmt::format("[token_shard] {} is a folder of shards: give one of them, {}", prefix,
                             inside)};
  }
  TokenShard shard(ALUDEL_TRY(files.map(prefix + ".idx")), ALUDEL_TRY(files.map(prefix + ".bin")));
  auto status = shard.read_header();
  if (status) status = shard.check_index();
  if (!status) return std::move(status).error().with_context(prefix);
  return shard;
}

Status TokenShard::read_header() {
  const std::string_view index = index_.bytes();
  if (index.size() < kIndexHeaderBytes || !index.starts_with(kIndexMagic)) {
    return corrupt_shard("no Megatron index (magic MMIDIDX)");
  }
  const auto version = number_at<std::uint64_t>(index, 9);
  if (version != kIndexVersion) {
    return Error{Code::unsupported, fmt::format("[token_shard] version {}, expected 1", version)};
  }
  const auto type = number_at<std::uint8_t>(index, 17);
  if (type != kInt32 && type != kUint16) {
    return Error{
        Code::unsupported,
        fmt::format("[token_shard] element type {}, expected 4 (int32) or 8 (uint16)", type)};
  }
  id_bytes_ = type == kInt32 ? 4 : 2;
  sequences_ = number_at<std::uint64_t>(index, 18);
  const auto boundaries = number_at<std::uint64_t>(index, 26);
  const std::uint64_t room = index.size() - kIndexHeaderBytes;
  constexpr std::uint64_t kSequenceBytes = kSequenceLengthBytes + kSequenceOffsetBytes;
  if (sequences_ > room / kSequenceBytes || boundaries == 0 ||
      boundaries > (room - sequences_ * kSequenceBytes) / kSequenceOffsetBytes) {
    return corrupt_shard(fmt::format("{} sequences and {} boundaries in an index of {} bytes",
                                     sequences_, boundaries, index.size()));
  }
  documents_ = boundaries - 1;
  return Ok{};
}

Status TokenShard::check_index() {
  const std::string_view index = index_.bytes();
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < sequences_; ++i) {
    const auto length =
        number_at<std::int32_t>(index, kIndexHeaderBytes + i * kSequenceLengthBytes);
    const auto begin = number_at<std::int64_t>(
        index, kIndexHeaderBytes + sequences_ * kSequenceLengthBytes + i * kSequenceOffsetBytes);
    if (length < 0) return corrupt_shard(fmt::format("sequence {} has length {}", i, length));
    if (begin < 0 || static_cast<std::uint64_t>(begin) != offset) {
      return Error{Code::unsupported,
                   fmt::format("[token_shard] sequence {} at byte {}, expected {}: sequences must "
                               "follow each other",
                               i, begin, offset)};
    }
    offset += static_cast<std::uint64_t>(length) * id_bytes_;
  }
  if (offset != data_.bytes().size()) {
    return corrupt_shard(
        fmt::format("{} bytes of tokens, the index says {}", data_.bytes().size(), offset));
  }
  tokens_ = offset / id_bytes_;
  return check_boundaries();
}

Status TokenShard::check_boundaries() const {
  for (std::uint64_t i = 0; i < documents_; ++i) {
    if (boundary(i) > boundary(i + 1)) {
      return corrupt_shard(fmt::format("document {} begins behind its end", i));
    }
  }
  if (boundary(0) != 0 || boundary(documents_) != sequences_) {
    return corrupt_shard(fmt::format("documents hold sequences {} to {} of {}", boundary(0),
                                     boundary(documents_), sequences_));
  }
  return Ok{};
}

std::uint64_t TokenShard::boundary(std::uint64_t document) const {
  const std::uint64_t table =
      kIndexHeaderBytes + sequences_ * (kSequenceLengthBytes + kSequenceOffsetBytes);
  return number_at<std::uint64_t>(index_.bytes(), table + document * kSequenceOffsetBytes);
}

std::uint64_t TokenShard::document_begin(std::uint64_t document) const {
  ALUDEL_CHECK(document <= documents_, "document outside of the shard");
  const std::uint64_t sequence = boundary(document);
  if (sequence == sequences_) return tokens_;
  const std::uint64_t table = kIndexHeaderBytes + sequences_ * kSequenceLengthBytes;
  return number_at<std::uint64_t>(index_.bytes(), table + sequence * kSequenceOffsetBytes) /
         id_bytes_;
}

std::vector<std::int32_t> TokenShard::document(std::uint64_t document) const {
  ALUDEL_CHECK(document < documents_, "document outside of the shard");
  const std::uint64_t begin = document_begin(document);
  std::vector<std::int32_t> ids(document_begin(document + 1) - begin);
  read(begin, ids);
  return ids;
}

void TokenShard::read(std::uint64_t begin, std::span<std::int32_t> out) const {
  ALUDEL_CHECK(begin <= tokens_ && out.size() <= tokens_ - begin, "tokens outside of the shard");
  const std::string_view bytes = data_.bytes();
  if (id_bytes_ == 4) {
    if (!out.empty()) std::memcpy(out.data(), bytes.data() + begin * 4, out.size_bytes());
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = number_at<std::uint16_t>(bytes, (begin + i) * 2);
  }
}

extern constinit const FormatSpec format_token_shard = {
    .name = "token_shard",
    .summary = "Token ids with document boundaries: PREFIX.bin and PREFIX.idx.",
    .source = "https://github.com/NVIDIA/Megatron-LM, indexed_dataset.py",
    .extensions = "",
    .sniff = looks_like_token_shard,
};

}  // namespace aludel::io
