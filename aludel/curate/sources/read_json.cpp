#include <limits>

#include "aludel/base/json_record.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/io/codec.h"
#include "aludel/io/json_stream.h"

namespace aludel::curate {
namespace {

constexpr std::uint64_t kToTheEnd = std::numeric_limits<std::uint64_t>::max();

class JsonDocuments final : public DocumentReader {
 public:
  /// Reads the values of a stream that begins at byte `base` of the file.
  JsonDocuments(io::JsonStream values, const SourceConfig& source, const FilePart& part,
                std::uint64_t base)
      : values_(std::move(values)),
        source_(source),
        part_(part),
        base_(base),
        end_(part.is_stream ? kToTheEnd : part.end) {}

  Result<bool> next(ReadDocument& out) override {
    std::string_view text;
    while (ALUDEL_TRY(next_value(text))) {
      auto record = parse_record(text);
      if (!record) {
        const bool is_large = record.error().code == Code::resource_exhausted;
        count(is_large ? "too_many_values" : "bad_json", record.error().message);
        continue;
      }
      auto document = document_from_json(std::move(record).value(), keys_of(source_));
      if (!document) {
        count(reason_of(document.error()), document.error().message);
        continue;
      }
      if (document.value().text.empty()) {
        count("empty", "");
        continue;
      }
      out = {};
      out.document = std::move(document).value();
      out.size_bytes = text.size();
      adopt_row(source_, part_, base_ + values_.value_begin(), out.document);
      return true;
    }
    return false;
  }

 private:
  /// Reads the next value that begins in the part. Counts a value that is too long, and leaves it
  /// out.
  Result<bool> next_value(std::string_view& text) {
    while (!done_ && base_ + values_.position() < end_) {
      const auto found = values_.next(text);
      if (found ? !found.value() : found.error().code == Code::corrupt_data) {
        done_ = true;
        if (!found) count("damaged_file", found.error().message);
        break;
      }
      if (!found && !values_.last_error_was_value()) return found.error();
      if (base_ + values_.value_begin() >= end_) break;  // it belongs to the next part
      has_value_ = true;
      if (found) return true;
      count("too_large", found.error().message);
    }
    const bool is_whole_file = part_.begin == 0 && part_.end >= part_.file_bytes.value_or(0);
    if (is_whole_file && !has_value_ && problems_.empty()) count("empty", "the file is empty");
    done_ = true;
    return false;
  }

  void count(const std::string& reason, const std::string& example) {
    if (problems_[reason]++ == 0 && !example.empty()) {
      examples_[reason] = example;
    }
  }

  io::JsonStream values_;
  const SourceConfig& source_;
  FilePart part_;
  std::uint64_t base_;  // where the stream begins in the file
  std::uint64_t end_;
  bool done_ = false;
  bool has_value_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_json_documents(io::FileSystem& files,
                                                            const SourceConfig& source,
                                                            const FilePart& part) {
  const auto read = [&](io::JsonStream values, std::uint64_t base) {
    return std::unique_ptr<DocumentReader>(
        std::make_unique<JsonDocuments>(std::move(values), source, part, base));
  };
  if (part.is_stream) {
    auto bytes = ALUDEL_TRY(io::open_decompressed(files, part.path));
    auto values = io::JsonStream::open(std::move(bytes), kMaxDocumentBytes);
    if (values) return read(std::move(values).value(), 0);
    if (values.error().code != Code::corrupt_data) return std::move(values).error();
    return std::unique_ptr<DocumentReader>(std::make_unique<UnreadableFile>("damaged_file"));
  }
  if (part.begin == 0) {
    auto bytes = ALUDEL_TRY(files.open(part.path));
    return read(io::JsonStream::of_lines(std::move(bytes), kMaxDocumentBytes), 0);
  }
  // Reads from the byte before, so that a line that begins at part.begin is not skipped as a rest.
  const std::uint64_t begin = part.begin - 1;
  auto bytes = ALUDEL_TRY(files.open(part.path, begin));
  auto values = io::JsonStream::of_lines(std::move(bytes), kMaxDocumentBytes);
  // If the part lies within one line, the stream is now at the part's end, and nothing is read.
  ALUDEL_TRY(values.skip_rest_of_line(part.end - begin));
  return read(std::move(values), begin);
}

}  // namespace aludel::curate
