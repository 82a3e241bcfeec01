#include "aludel/curate/run/work_file.h"

#include <array>
#include <cstring>

#include "aludel/base/check.h"
#include "aludel/base/json_bytes.h"

namespace aludel::curate {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr std::uint64_t kMostRecordBytes = std::uint64_t{1} << 33;  // two texts of any size

using Texts = std::array<std::string Document::*, 11>;

/// The members that are texts, in the order of a record.
constexpr Texts kTexts = {&Document::id,       &Document::url,     &Document::source,
                          &Document::kind,     &Document::licence, &Document::profile,
                          &Document::language, &Document::text,    &Document::date,
                          &Document::dump,     &Document::cluster};

void put_number(std::string& out, std::uint64_t number) {
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);
  out.append(bytes.data(), bytes.size());
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out += text;
}

std::uint64_t number_at(const char* bytes) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

/// Takes the texts of one record apart.
class RecordTexts {
 public:
  explicit RecordTexts(std::string_view record) : left_(record) {}

  /// False where the record is too short.
  bool take(std::string_view& text) {
    if (left_.size() < sizeof(std::uint64_t)) return false;
    const std::uint64_t size = number_at(left_.data());
    left_.remove_prefix(sizeof(std::uint64_t));
    if (size > left_.size()) return false;
    text = left_.substr(0, static_cast<std::size_t>(size));
    left_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }

  bool take_object(Json& json) { return take_json_bytes(left_, json) && json.is_object(); }

  bool is_at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
};

bool take_document(std::string_view record, Document& document) {
  RecordTexts texts(record);
  document = {};
  for (std::string Document::*member : kTexts) {
    std::string_view text;
    if (!texts.take(text)) return false;
    document.*member = text;
  }
  return texts.take_object(document.annotations) && texts.take_object(document.metadata) &&
         texts.is_at_end();
}

}  // namespace

Result<WorkFileWriter> WorkFileWriter::create(io::FileSystem& files, const std::string& path) {
  return WorkFileWriter(ALUDEL_TRY(files.create_scratch(path)));
}

Status WorkFileWriter::write(const Document& document) {
  ALUDEL_CHECK(document.rejected_by.empty(), "a document that goes on");
  const std::size_t begin = records_.size();
  put_number(records_, 0);
  for (std::string Document::*member : kTexts) {
    put_text(records_, document.*member);
  }
  append_json_bytes(records_, document.annotations);
  append_json_bytes(records_, document.metadata);
  const std::uint64_t size = records_.size() - begin - sizeof(std::uint64_t);
  std::memcpy(records_.data() + begin, &size, sizeof size);
  if (records_.size() < kBufferBytes) return Ok{};
  ALUDEL_TRY(file_->write(records_));
  records_.clear();
  return Ok{};
}

Status WorkFileWriter::commit() {
  ALUDEL_TRY(file_->write(records_));
  records_.clear();
  return file_->commit();
}

Result<WorkFileReader> WorkFileReader::open(io::FileSystem& files, const std::string& path) {
  return WorkFileReader(ALUDEL_TRY(files.open(path)), path);
}

Result<bool> WorkFileReader::fill(std::size_t bytes) {
  if (buffer_.size() - at_ >= bytes) return true;
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t held = buffer_.size();
  buffer_.resize(std::max(bytes, kBufferBytes));
  const std::size_t read = ALUDEL_TRY(io::read_full(*file_, std::span(buffer_).subspan(held)));
  buffer_.resize(held + read);
  return buffer_.size() >= bytes;
}

Result<bool> WorkFileReader::next(Document& document) {
  const auto corrupt = [this] {
    return Error{Code::corrupt_data,
                 path_ +
                     ": no file of documents between two segments: remove work/ in the run "
                     "folder, and run again"};
  };
  if (!ALUDEL_TRY(fill(sizeof(std::uint64_t)))) {
    if (buffer_.size() == at_) return false;
    return corrupt();
  }
  const std::uint64_t size = number_at(buffer_.data() + at_);
  if (size > kMostRecordBytes) return corrupt();
  at_ += sizeof(std::uint64_t);
  if (!ALUDEL_TRY(fill(static_cast<std::size_t>(size)))) return corrupt();
  const std::string_view record = std::string_view(buffer_).substr(at_, size);
  if (!take_document(record, document)) return corrupt();
  at_ += static_cast<std::size_t>(size);
  return true;
}

}  // namespace aludel::curate
