#include "aludel/io/formats/warc.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/json.h"
#include "aludel/io/format.h"
#include "aludel/io/formats/warc/framing.h"
#include "aludel/io/formats/warc/record_stream.h"

namespace aludel::io {
namespace {

constexpr std::size_t kMaxWarcHeaderBytes = 1 << 20;
constexpr std::size_t kHttpHeadBytes = std::size_t{16} << 10;  // few heads are longer
constexpr std::size_t kBlockChunkBytes = std::size_t{128} << 10;
constexpr std::uint64_t kMostReserved = std::uint64_t{1} << 20;  // a header may say anything

/// Bytes of a header with the empty line that ends it; 0 when that is not among them.
std::size_t header_bytes(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    const std::string_view next = text.substr(at + 1, 2);
    if (next.starts_with('\n')) return at + 2;
    if (next == "\r\n") return at + 3;
  }
  return 0;
}

std::string without_brackets(std::string_view text) {
  if (text.starts_with('<') && text.ends_with('>')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

bool looks_like_warc(std::string_view head) {
  return is_record_line(head);
}

}  // namespace

WarcReader::WarcReader(std::unique_ptr<RecordStream> stream, std::string path,
                       const WarcOptions& options)
    : stream_(std::move(stream)),
      path_(std::move(path)),
      options_(options),
      aligned_(options.range.begin == 0) {}

WarcReader::~WarcReader() = default;
WarcReader::WarcReader(WarcReader&&) noexcept = default;
WarcReader& WarcReader::operator=(WarcReader&&) noexcept = default;

Result<WarcReader> WarcReader::open(FileSystem& files, const std::string& path,
                                    const WarcOptions& options) {
  auto stream = ALUDEL_TRY(RecordStream::open(files, path, options.range.begin));
  if (!stream.is_compressed() && options.range.begin > 0) {
    // A record at `begin` itself is known by the line end before it.
    stream = ALUDEL_TRY(RecordStream::open(files, path, options.range.begin - 1));
  }
  WarcReader reader(std::make_unique<RecordStream>(std::move(stream)),
                    std::string(file_name_of(path)), options);
  if (options.range.begin == 0) ALUDEL_TRY(reader.check_start());
  return reader;
}

/// Refuses what is no web archive at all; damage at the start is left to next().
Status WarcReader::check_start() {
  const auto peeked = stream_->peek(512);
  if (stream_->damage()) return Ok{};
  std::string_view head = ALUDEL_TRY(peeked);
  head.remove_prefix(std::min(head.find_first_not_of("\r\n"), head.size()));
  if (head.empty() || is_record_line(head)) return Ok{};
  if (head.starts_with("filedesc://")) {
    return Error{Code::unsupported,
                 path_ +
                     ": [warc] an ARC file, the format before WARC; convert it first, for "
                     "instance with `warcio recompress IN.arc.gz OUT.warc.gz`"};
  }
  return Error{Code::unsupported,
               fmt::format("{}: [warc] no web archive: it begins with {}, 'WARC/1.0' was expected",
                           path_, Json(head.substr(0, head.find('\n')).substr(0, 40)).dump())};
}

void WarcReader::count(std::string_view defect) {
  ++defects_[std::string(defect)];
}

Result<std::optional<WarcRecord>> WarcReader::next() {
  while (true) {
    auto record = read_record();
    if (record || record.error().code != Code::corrupt_data) return record;
    if (aligned_) count("damaged_member");
    aligned_ = false;
    if (!ALUDEL_TRY(stream_->skip_damage(options_.range.end))) return std::optional<WarcRecord>();
  }
}

Result<std::optional<WarcRecord>> WarcReader::read_record() {
  while (ALUDEL_TRY(find_record())) {
    WarcRecord record;
    record.offset = stream_->mark_record();
    if (record.offset >= options_.range.end) break;
    if (record.offset < options_.range.begin) {  // seen from the byte before the range
      stream_->consume(1);
      continue;
    }
    if (!ALUDEL_TRY(read_header(record))) continue;
    if (ALUDEL_TRY(read_block(record))) return std::optional(std::move(record));
  }
  return std::optional<WarcRecord>();
}

/// Goes to where a record begins; false at the end of the archive.
Result<bool> WarcReader::find_record() {
  if (aligned_) {
    ALUDEL_TRY(take_newlines(*stream_));
    const std::string_view pending = ALUDEL_TRY(stream_->peek(kRecordLineBytes));
    if (pending.empty()) return false;
    if (is_record_line(pending)) return true;
    count("no_record");
    aligned_ = false;
  }
  return skip_to_record(*stream_, nullptr, 0);
}

/// False when the header cannot be read, which is counted.
Result<bool> WarcReader::read_header(WarcRecord& record) {
  std::string_view pending;
  std::size_t size = 0;
  for (std::size_t wanted = 4096; size == 0 && wanted <= kMaxWarcHeaderBytes; wanted *= 4) {
    pending = ALUDEL_TRY(stream_->peek(wanted));
    size = header_bytes(pending.substr(0, kMaxWarcHeaderBytes));
    if (pending.size() < wanted) break;
  }
  if (size == 0 && stream_->damage()) return Error(*stream_->damage());
  std::string_view text = pending.substr(0, size);
  take_line(text);
  record.headers = read_headers(text);
  record.type = record.headers.get("warc-type");
  if (size == 0 || record.type.empty()) {
    if (aligned_)
      count(size == 0 && pending.size() < kMaxWarcHeaderBytes ? "truncated" : "bad_header");
    aligned_ = false;
    stream_->consume(kRecordLineBytes);  // so that the search goes on behind this line's start
    return false;
  }
  aligned_ = true;
  record.uri = without_brackets(record.headers.get("warc-target-uri"));
  record.date = record.headers.get("warc-date");
  record.id = without_brackets(record.headers.get("warc-record-id"));
  stream_->consume(size);
  return true;
}

/// Takes the head of an HTTP response off, with the empty line behind it, if the block begins with
/// one and a body follows.
Status WarcReader::read_http_head(WarcRecord& record, std::uint64_t block_bytes) {
  const std::string_view pending =
      ALUDEL_TRY(stream_->peek(std::min<std::uint64_t>(block_bytes, kHttpHeadBytes)));
  const std::size_t inside = std::min<std::uint64_t>(block_bytes, stream_->bytes_to_member_end());
  const std::string_view block = pending.substr(0, inside);
  const std::size_t size = header_bytes(block.substr(0, kHttpHeadBytes));
  const bool has_body = size < block.size() && block[size] != '\r' && block[size] != '\n';
  if (size == 0 || !has_body || block.substr(size).starts_with("WARC/")) return Ok{};
  record.http_head = block.substr(0, size);
  stream_->consume(size);
  return Ok{};
}

/// False when the block is lost, which is counted.
Result<bool> WarcReader::read_block(WarcRecord& record) {
  const auto length = parse_length(record.headers.get("content-length"));
  std::uint64_t wanted = length.value_or(0);
  if (options_.splits_http_head && record.type == "response") {
    ALUDEL_TRY(read_http_head(record, wanted));
    wanted -= record.http_head.size();
  }
  std::string& block = record.block;
  block.reserve(std::min<std::uint64_t>(wanted, kMostReserved));
  while (block.size() < wanted) {
    const std::uint64_t left = wanted - block.size();
    const std::string_view pending = ALUDEL_TRY(
        stream_->peek(std::clamp<std::uint64_t>(left, kRecordLineBytes, kBlockChunkBytes)));
    if (pending.empty()) return mend_cut_block(block);
    if (stream_->at_member_start() && is_record_line(pending)) {
      count("length_too_long");
      strip_record_end(block);
      return true;
    }
    const std::size_t take = std::min<std::uint64_t>(left, stream_->bytes_to_member_end());
    if (block.size() + take > options_.max_record_bytes) {
      count("record_too_large");
      block.clear();
      ALUDEL_TRY(skip_to_record(*stream_, nullptr, 0));
      return false;
    }
    block.append(pending.substr(0, take));
    stream_->consume(take);
  }
  const auto newlines = take_newlines(*stream_);
  if (!newlines) {
    // The block is whole; the damage concerns it only when it lies in the same member.
    if (newlines.error().code == Code::corrupt_data && stream_->damage_is_ahead()) return true;
    return newlines.error();
  }
  const std::string_view after = ALUDEL_TRY(stream_->peek(kRecordLineBytes));
  const bool at_end = after.empty() || stream_->at_member_start() || is_record_line(after);
  if (length && at_end) return true;
  return mend_framing(block, newlines.value(), length.has_value());
}

/// The archive ended before the block did: a wrong length, or a file that was cut.
bool WarcReader::mend_cut_block(std::string& block) {
  const std::size_t swallowed = find_swallowed_record(block);
  if (swallowed == std::string::npos && !block.ends_with("\r\n\r\n")) {
    count("truncated");
    return false;
  }
  if (swallowed != std::string::npos) {
    stream_->unread(std::string_view(block).substr(swallowed));
    block.resize(swallowed);
  }
  count("length_too_long");
  strip_record_end(block);
  return true;
}

/// What follows the block is no record: finds out where the block ends in truth.
Result<bool> WarcReader::mend_framing(std::string& block, std::string_view newlines,
                                      bool known_length) {
  const std::size_t swallowed = find_swallowed_record(block);
  if (swallowed != std::string::npos) {
    stream_->unread(newlines);
    stream_->unread(std::string_view(block).substr(swallowed));
    block.resize(swallowed);
    count("length_too_long");
  } else {
    block.append(newlines);
    const bool at_record = is_record_line(ALUDEL_TRY(stream_->peek(kRecordLineBytes)));
    const auto found = at_record ? Result<bool>(true)
                                 : skip_to_record(*stream_, &block, options_.max_record_bytes);
    if (!found && !(found.error().code == Code::corrupt_data && stream_->damage_is_ahead())) {
      return found.error();
    }
    if (block.size() > options_.max_record_bytes) {
      count("record_too_large");
      return false;
    }
    count(known_length ? "length_too_short" : "bad_length");
  }
  strip_record_end(block);
  return true;
}

extern constinit const FormatSpec format_warc = {
    .name = "warc",
    .summary = "Web archives, WARC 1.0 and 1.1, plain, .gz or .zst.",
    .source = "https://iipc.github.io/warc-specifications/",
    .extensions = ".warc .wet .arc .wat",
    .sniff = looks_like_warc,
};

}  // namespace aludel::io
