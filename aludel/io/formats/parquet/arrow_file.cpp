#ifdef ALUDEL_PARQUET
#include "aludel/io/formats/parquet/arrow_file.h"

#include <algorithm>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/status.h>
#include <fmt/format.h>

namespace aludel::io {
namespace {

/// Arrow's message without its line ends.
std::string one_line(std::string message) {
  std::ranges::replace(message, '\n', ' ');
  return message;
}

class ArrowFile final : public arrow::io::RandomAccessFile {
 public:
  ArrowFile(FileSystem& files, FileInfo info, ArrowTrouble& trouble)
      : files_(files), info_(std::move(info)), trouble_(trouble) {}

  ~ArrowFile() override = default;

  arrow::Result<std::int64_t> GetSize() override {
    return static_cast<std::int64_t>(info_.size_bytes);
  }

  arrow::Status Seek(std::int64_t position) override {
    if (position < 0) return arrow::Status::Invalid("a place before the file");
    position_ = static_cast<std::uint64_t>(position);
    return arrow::Status::OK();
  }

  arrow::Result<std::int64_t> Tell() const override { return static_cast<std::int64_t>(position_); }

  arrow::Status Close() override {
    streams_.clear();
    is_closed_ = true;
    return arrow::Status::OK();
  }

  bool closed() const override { return is_closed_; }

  arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override {
    if (size < 0) return arrow::Status::Invalid("a negative size");
    auto stream = take_stream();
    if (!stream) return trouble_.note(stream.error());
    const auto done = read_full(*stream.value().reader,
                                {static_cast<char*>(out), static_cast<std::size_t>(size)});
    if (!done) return trouble_.note(done.error());
    position_ += done.value();
    stream.value().position = position_;
    streams_.push_back(std::move(stream).value());
    return static_cast<std::int64_t>(done.value());
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t size) override {
    // A footer may ask for any size: never more than the file still has.
    const auto left =
        static_cast<std::int64_t>(info_.size_bytes - std::min(position_, info_.size_bytes));
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(std::min(size, left)));
    ARROW_ASSIGN_OR_RAISE(const std::int64_t count, Read(buffer->size(), buffer->mutable_data()));
    ARROW_RETURN_NOT_OK(buffer->Resize(count));
    return std::shared_ptr<arrow::Buffer>(std::move(buffer));
  }

 private:
  /// A reader and where it stands.
  struct Stream {
    std::unique_ptr<ByteReader> reader;
    std::uint64_t position = 0;
  };

  /// The reader that stands at position_, else a new one. Columns are read side by side, each from
  /// its front to its back, so that a few readers serve all, in the large ranges of remote files.
  Result<Stream> take_stream() {
    const auto found = std::ranges::find(streams_, position_, &Stream::position);
    if (found != streams_.end()) {
      Stream stream = std::move(*found);
      streams_.erase(found);
      return stream;
    }
    if (streams_.size() == kMaxStreams) streams_.erase(streams_.begin());  // idle for longest
    return Stream{ALUDEL_TRY(files_.open(info_.path, position_)), position_};
  }

  static constexpr std::size_t kMaxStreams = 16;

  FileSystem& files_;
  FileInfo info_;
  ArrowTrouble& trouble_;
  std::vector<Stream> streams_;
  std::uint64_t position_ = 0;
  bool is_closed_ = false;
};

class ArrowStream final : public arrow::io::OutputStream {
 public:
  ArrowStream(ByteWriter& writer, ArrowTrouble& trouble) : writer_(writer), trouble_(trouble) {}

  ~ArrowStream() override = default;

  arrow::Status Write(const void* data, std::int64_t size) override {
    const auto written =
        writer_.write({static_cast<const char*>(data), static_cast<std::size_t>(size)});
    if (!written) return trouble_.note(written.error());
    position_ += size;
    return arrow::Status::OK();
  }

  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Result<std::int64_t> Tell() const override { return position_; }

  bool closed() const override { return is_closed_; }

 private:
  ByteWriter& writer_;
  ArrowTrouble& trouble_;
  std::int64_t position_ = 0;
  bool is_closed_ = false;
};

}  // namespace

arrow::Status ArrowTrouble::note(const Error& error) {
  if (!first) first = error;
  return arrow::Status::IOError(error.message);
}

Result<std::shared_ptr<arrow::io::RandomAccessFile>> open_arrow_file(FileSystem& files,
                                                                     const std::string& path,
                                                                     ArrowTrouble& trouble) {
  FileInfo info = ALUDEL_TRY(files.info(path));
  return std::shared_ptr<arrow::io::RandomAccessFile>(
      std::make_shared<ArrowFile>(files, std::move(info), trouble));
}

std::shared_ptr<arrow::io::OutputStream> arrow_stream(ByteWriter& writer, ArrowTrouble& trouble) {
  return std::make_shared<ArrowStream>(writer, trouble);
}

Error arrow_error(const std::string& path, const arrow::Status& status,
                  const ArrowTrouble& trouble) {
  if (trouble.first) return *trouble.first;
  // Memory, too: what a reader may take is enough for any file that is in order.
  const Code code = status.IsNotImplemented() ? Code::unsupported : Code::corrupt_data;
  return {code, fmt::format("{}: [parquet] {}", file_name_of(path), one_line(status.message()))};
}

}  // namespace aludel::io
#endif
