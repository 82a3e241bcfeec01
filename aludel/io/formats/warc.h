#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aludel/io/codec.h"
#include "aludel/io/http_response.h"

// Web archives, WARC 1.0 and 1.1; see docs/formats/warc.md.
namespace aludel::io {

class RecordStream;

/// Counts by reason.
using Counts = std::map<std::string, std::uint64_t>;

struct WarcRecord {
  std::string type;  // "response", "warcinfo", "conversion" ...
  std::string uri;   // WARC-Target-URI without brackets
  std::string date;  // WARC-Date
  std::string id;    // WARC-Record-ID without brackets
  Headers headers;
  std::string http_head;  // of a response, if WarcOptions ask for it, and else a part of `block`
  std::string block;
  std::uint64_t offset = 0;  // where WarcReader finds it again: of its member, or its own
};

/// The part of an archive that one task reads: the records whose offset lies in [begin, end).
/// Ranges that share no byte share no record, wherever they are cut.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
};

struct WarcOptions {
  std::uint64_t max_record_bytes = std::uint64_t{64} << 20;
  ByteRange range;
  /// Leaves the head of an HTTP response apart, so that the body is read where it stays.
  bool splits_http_head = false;
};

/// Streams the records of a .warc, .warc.gz or .warc.zst file in bounded memory. Damage is counted
/// and reading goes on behind it. One caller at a time.
class WarcReader {
 public:
  /// Errors: those of FileSystem::open; unsupported for an ARC file and for what is no archive.
  static Result<WarcReader> open(FileSystem& files, const std::string& path,
                                 const WarcOptions& options = {});
  ~WarcReader();
  WarcReader(WarcReader&&) noexcept;
  WarcReader& operator=(WarcReader&&) noexcept;

  /// The next record; nullopt at the end of the file or range. Errors: io_error and the like; no
  /// damage of the archive is one.
  Result<std::optional<WarcRecord>> next();

  /// Damage met so far:
  ///   length_too_short, length_too_long, bad_length  mended: the block ends where the next record
  ///                                                  or the member does
  ///   truncated, damaged_member, bad_header, record_too_large  a record was lost
  ///   no_record  bytes were skipped that belong to no record
  const Counts& defects() const { return defects_; }

 private:
  WarcReader(std::unique_ptr<RecordStream> stream, std::string path, const WarcOptions& options);

  Status check_start();
  Result<std::optional<WarcRecord>> read_record();
  Result<bool> find_record();
  Result<bool> read_header(WarcRecord& record);
  Status read_http_head(WarcRecord& record, std::uint64_t block_bytes);
  Result<bool> read_block(WarcRecord& record);
  bool mend_cut_block(std::string& block);
  Result<bool> mend_framing(std::string& block, std::string_view newlines, bool known_length);
  void count(std::string_view defect);

  std::unique_ptr<RecordStream> stream_;
  std::string path_;
  WarcOptions options_;
  Counts defects_;
  bool aligned_ = true;  // false while looking for a record after damage, or from inside a range
};

/// A page of an archive.
struct WebPage {
  std::string uri;
  std::string date;
  std::string content_type;  // as the server said it, with its charset
  std::string body;          // decoded
  std::uint64_t offset = 0;  // of its record
  Headers headers;           // of the response; none for other records
  std::string truncated;     // WARC-Truncated: why the crawler cut it (length, time, disconnect)
};

struct WebPageOptions {
  WarcOptions warc;
  std::uint64_t max_body_bytes = std::uint64_t{32} << 20;
};

/// The pages of an archive: responses with status 200 and text or HTML, resources of that kind,
/// and conversions (the plain text of a WET file). What the crawler cut is a page, too.
/// One caller at a time.
class WebPageReader {
 public:
  static Result<WebPageReader> open(FileSystem& files, const std::string& path,
                                    const WebPageOptions& options = {});

  /// The next page; nullopt at the end.
  Result<std::optional<WebPage>> next();

  /// Records that are no page, by reason: "type request", "status 404", "media type image/png",
  /// "no http", "bad http", "body too large", "empty", "binary" (no text, whatever its type says).
  const Counts& skipped() const { return skipped_; }

  /// Damage of the archive, and of pages that were mended ("http wrong chunks" and the like).
  Counts defects() const;

 private:
  WebPageReader(WarcReader records, const WebPageOptions& options)
      : records_(std::move(records)), options_(options) {}

  std::optional<WebPage> page_of(WarcRecord record);
  std::optional<WebPage> page_of_response(WarcRecord record);
  std::optional<WebPage> skip(const std::string& reason);

  WarcReader records_;
  WebPageOptions options_;
  Counts skipped_;
  Counts mended_;
};

/// Writes WARC/1.1, a member for each record, compressed as the path's extension says. The same
/// records give the same bytes: a record's id is made from its content. One caller at a time.
class WarcWriter {
 public:
  static Result<WarcWriter> create(FileSystem& files, const std::string& path);

  /// The first record of a file: what made it, as "name: value" fields. `date` is as WARC-Date
  /// ("2024-05-18T01:58:10Z"), for all records.
  Status write_info(std::string_view date, const std::vector<Header>& fields);

  /// A fetched page: `http_head` is the status line and header fields, its last empty line
  /// included.
  Status write_response(std::string_view uri, std::string_view date, std::string_view http_head,
                        std::string_view body);

  /// Bytes in the file so far.
  std::uint64_t size_bytes() const { return size_bytes_; }

  /// Without it nothing is left at the path.
  Status commit() { return file_->commit(); }

 private:
  WarcWriter(std::unique_ptr<ByteWriter> file, const CodecSpec* codec)
      : file_(std::move(file)), codec_(codec) {}

  Status write_record(std::string_view type, const std::vector<Header>& headers,
                      std::string_view block);

  std::unique_ptr<ByteWriter> file_;
  const CodecSpec* codec_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace aludel::io
