#include "aludel/curate/layers/minhash_dedup/signature_index.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/json.h"
#include "aludel/base/little_endian.h"

namespace aludel::curate::minhash_dedup {
namespace {

constexpr std::string_view kIndexMagic = "ALUDELN1";
constexpr std::size_t kHeadSizeBytes = sizeof(std::uint32_t);
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kSumBytes = sizeof(std::uint64_t);
constexpr std::size_t kTailBytes = 2 * sizeof(std::uint64_t);  // documents, checksum
constexpr std::size_t kMostHeadBytes = 4096;
constexpr std::size_t kReadAtOnceBytes = std::size_t{1} << 20;

std::uint64_t record_bytes(const SignatureSettings& settings) {
  return kIdBytes + static_cast<std::uint64_t>(settings.hashes) * sizeof(std::uint32_t) + kSumBytes;
}

/// Returns the checksum in the tail: over the head and the number of documents.
std::uint64_t tail_sum(std::string head, std::uint64_t documents) {
  append_number(head, documents);
  return hash64(head);
}

}  // namespace

Status check_hashes(std::int64_t bands, std::int64_t rows, std::string_view where) {
  if (bands * rows <= kMostHashes) return Ok{};
  return Error{Code::invalid_argument,
               fmt::format("[{}] bands x rows must be at most {}", where, kMostHashes)};
}

Result<SignatureIndexWriter> SignatureIndexWriter::create(io::FileSystem& files,
                                                          const std::string& path,
                                                          const SignatureSettings& settings) {
  Json header = Json::object();
  header["words"] = settings.words;
  header["hashes"] = settings.hashes;
  header["seed"] = settings.seed;
  const std::string text = header.dump();
  SignatureIndexWriter writer(ALUDEL_TRY(files.create(path)));
  writer.head_ = kIndexMagic;
  append_number(writer.head_, static_cast<std::uint32_t>(text.size()));
  writer.head_ += text;
  ALUDEL_TRY(writer.file_->write(writer.head_));
  return writer;
}

Status SignatureIndexWriter::add(const Hash128& id, std::span<const std::uint32_t> signature) {
  const std::size_t begin = buffer_.size();
  append_number(buffer_, id.high);
  append_number(buffer_, id.low);
  buffer_.append(reinterpret_cast<const char*>(signature.data()), signature.size_bytes());
  append_number(buffer_, hash64(std::string_view(buffer_).substr(begin)));
  ++documents_;
  if (buffer_.size() < kReadAtOnceBytes) return Ok{};
  ALUDEL_TRY(file_->write(buffer_));
  buffer_.clear();
  return Ok{};
}

Status SignatureIndexWriter::commit() {
  append_number(buffer_, documents_);
  append_number(buffer_, tail_sum(std::move(head_), documents_));
  ALUDEL_TRY(file_->write(buffer_));
  return file_->commit();
}

Error SignatureIndex::damaged(std::string_view what) const {
  return {Code::corrupt_data, fmt::format("{}: [signature index] {}", path_, what)};
}

Result<SignatureIndex> SignatureIndex::open(io::FileSystem& files, const std::string& path) {
  SignatureIndex index(files, path);
  const std::uint64_t size = ALUDEL_TRY(files.info(path)).size_bytes;
  // 1. The head: magic, size, settings.
  std::string head(kIndexMagic.size() + kHeadSizeBytes, '\0');
  const auto begin = ALUDEL_TRY(files.open(path, 0));
  head.resize(ALUDEL_TRY(io::read_full(*begin, head)));
  if (!head.starts_with(kIndexMagic)) {
    return index.damaged("no such index; `aludel dedup build` makes one");
  }
  const bool is_whole = head.size() == kIndexMagic.size() + kHeadSizeBytes;
  const std::size_t text_bytes =
      is_whole ? number_at<std::uint32_t>(head, kIndexMagic.size()) : kMostHeadBytes + 1;
  if (text_bytes > kMostHeadBytes || head.size() + text_bytes + kTailBytes > size) {
    return index.damaged("cut short or damaged");
  }
  std::string text(text_bytes, '\0');
  if (ALUDEL_TRY(io::read_full(*begin, text)) < text.size()) return index.damaged("cut short");
  head += text;
  index.first_at_ = head.size();
  // 2. The tail, whose checksum covers the head and the number of documents.
  std::string tail(kTailBytes, '\0');
  const auto end = ALUDEL_TRY(files.open(path, size - kTailBytes));
  if (ALUDEL_TRY(io::read_full(*end, tail)) < tail.size()) return index.damaged("cut short");
  index.documents_ = number_at<std::uint64_t>(tail, 0);
  if (number_at<std::uint64_t>(tail, sizeof(std::uint64_t)) !=
      tail_sum(std::move(head), index.documents_)) {
    return index.damaged("cut short or damaged: the checksum of its end differs");
  }
  const Json header = ALUDEL_TRY(parse_json(text));
  index.settings_ = {header.integer_or("words", 0), header.integer_or("hashes", 0),
                     header.integer_or("seed", 0)};
  const auto is_size = [](std::int64_t value) {
    return kSignatureSizes.holds(static_cast<double>(value));
  };
  if (!is_size(index.settings_.words) || !is_size(index.settings_.hashes)) {
    return index.damaged("words and hashes must be 1 to 65536");
  }
  // 3. The size, which must be that of the documents.
  const std::uint64_t bytes = size - kTailBytes - index.first_at_;
  const std::uint64_t each = record_bytes(index.settings_);
  if (bytes % each != 0 || bytes / each != index.documents_) {
    return index.damaged(fmt::format("{} documents in {} bytes", index.documents_, bytes));
  }
  return index;
}

Status SignatureIndex::read(std::uint64_t begin, std::uint64_t end,
                            const VisitSignature& visit) const {
  ALUDEL_CHECK(begin <= end && end <= documents_, "documents of the index");
  if (begin == end) return Ok{};
  const std::uint64_t each = record_bytes(settings_);
  const auto reader = ALUDEL_TRY(files_->open(path_, first_at_ + begin * each));
  std::vector<std::uint32_t> signature(static_cast<std::size_t>(settings_.hashes));
  std::string bytes;
  const std::uint64_t at_once = std::max<std::uint64_t>(kReadAtOnceBytes / each, 1);
  while (begin < end) {
    bytes.resize(std::min(at_once, end - begin) * each);
    if (ALUDEL_TRY(io::read_full(*reader, bytes)) < bytes.size()) return damaged("ends early");
    for (std::size_t at = 0; at < bytes.size(); at += each, ++begin) {
      const std::string_view record = std::string_view(bytes).substr(at, each);
      const std::string_view summed = record.substr(0, each - kSumBytes);
      if (number_at<std::uint64_t>(record, summed.size()) != hash64(summed)) {
        return damaged(fmt::format("document {} is damaged: its checksum differs", begin));
      }
      std::memcpy(signature.data(), summed.data() + kIdBytes, summed.size() - kIdBytes);
      ALUDEL_TRY(visit({number_at<std::uint64_t>(record, 0),
                        number_at<std::uint64_t>(record, sizeof(std::uint64_t))},
                       signature));
    }
  }
  return Ok{};
}

}  // namespace aludel::curate::minhash_dedup
