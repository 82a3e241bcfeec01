#include <utility>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/log.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/curate/sources/source_formats.h"
#include "aludel/io/binary.h"

namespace aludel::curate {
namespace {

/// Returns reason_unread() for a file that could be read when the run was planned. But if this
/// machine's disk fails, returns an empty text: the run stops, and continues when it is started
/// again.
std::string reason_while_reading(const FilePart& part, const Error& error) {
  const bool is_disk = error.code == Code::io_error && !io::is_remote(part.path);
  return is_disk ? std::string() : reason_unread(part, error);
}

/// Returns why a file is not what it was when the run was planned; empty if it is the same.
Result<std::string> reason_of_change(io::FileSystem& files, const FilePart& part) {
  if (!part.file_bytes) return std::string();
  auto info = files.info(part.path);
  if (info) {
    const bool is_same =
        info.value().size_bytes == *part.file_bytes && info.value().version == part.file_version;
    return std::string(is_same ? "" : "changed_file");
  }
  std::string reason = reason_while_reading(part, info.error());
  if (reason.empty()) return std::move(info).error();
  return reason;
}

/// A reader that counts the error which ends the reading of its file, so that the run continues
/// with the next file.
class CountedDocuments final : public DocumentReader {
 public:
  CountedDocuments(std::unique_ptr<DocumentReader> inner, const FilePart& part)
      : inner_(std::move(inner)), part_(part) {}

  Result<bool> next(ReadDocument& out) override {
    if (inner_ == nullptr) return false;
    auto more = inner_->next(out);
    if (more && more.value()) return true;
    end();
    if (more) return false;
    const std::string reason = reason_while_reading(part_, more.error());
    if (reason.empty()) return std::move(more).error();
    ++problems_[reason];
    examples_[reason] = more.error().message;
    return false;
  }

  void end() override {
    if (inner_ == nullptr) return;
    inner_->end();
    problems_ = inner_->problems();
    examples_ = inner_->examples();
    inner_.reset();
  }

 private:
  std::unique_ptr<DocumentReader> inner_;
  FilePart part_;
};

Result<std::unique_ptr<DocumentReader>> unread(const std::string& reason,
                                               const std::string& message) {
  if (!message.empty()) log_warning("{}", message);
  return std::unique_ptr<DocumentReader>(std::make_unique<UnreadableFile>(reason, message));
}

/// Opens a file of an unknown format, which may be packed in a way that is not read.
Result<std::unique_ptr<DocumentReader>> open_unknown(const FilePart& part) {
  const std::string_view compression = io::unread_compression_of_path(io::file_name_of(part.path));
  if (compression.empty()) return unread("unknown_format", "");
  return unread("unread_compression", io::unread_compression_error(part.path, compression).message);
}

}  // namespace

std::string reason_unread(const FilePart& part, const Error& error) {
  if (error.code == Code::unsupported) {
    const SourceFormatSpec* format = find_source_format(part.format);
    const bool may_lack = format != nullptr && format->lack != nullptr;
    return may_lack ? std::string(kFormatNotBuilt) : "unread_compression";
  }
  if (error.code == Code::corrupt_data) return "damaged_file";
  if (error.code == Code::not_found) return "missing_file";
  if (error.code == Code::io_error) return io::is_remote(part.path) ? "unreachable" : "cannot_read";
  return error.code == Code::resource_exhausted && io::is_remote(part.path) ? "too_large" : "";
}

Result<std::unique_ptr<DocumentReader>> open_documents(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part) {
  if (!part.unread.empty()) {
    return std::unique_ptr<DocumentReader>(
        std::make_unique<UnreadableFile>(part.unread, part.unread_because));
  }
  const std::string change = ALUDEL_TRY(reason_of_change(files, part));
  if (!change.empty()) {
    return unread(change,
                  fmt::format("{}: {} since the run was planned", io::file_name_of(part.path),
                              change == "missing_file" ? "gone" : "changed"));
  }
  if (part.format.empty()) return open_unknown(part);
  const SourceFormatSpec* format = find_source_format(part.format);
  ALUDEL_CHECK(format != nullptr, "a file was planned with a format that is not read");
  auto opened = format->open(files, source, part);
  if (opened) {
    return std::unique_ptr<DocumentReader>(
        std::make_unique<CountedDocuments>(std::move(opened).value(), part));
  }
  const std::string reason = reason_while_reading(part, opened.error());
  if (reason.empty()) return opened;
  return unread(reason, opened.error().message);
}

}  // namespace aludel::curate
