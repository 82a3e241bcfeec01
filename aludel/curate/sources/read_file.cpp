#include <fmt/format.h>

#include "aludel/curate/sources/read_part.h"
#include "aludel/io/binary.h"
#include "aludel/io/codec.h"
#include "aludel/io/format.h"
#include "aludel/text/charset.h"

namespace aludel::curate {
namespace {

enum class FileKind : std::uint8_t { html, text };

/// The reader of a file that is one document.
class FileReader final : public DocumentReader {
 public:
  FileReader(io::FileSystem& files, const SourceConfig& source, const FilePart& part, FileKind kind)
      : files_(files), source_(source), part_(part), kind_(kind) {}

  Result<bool> next(ReadDocument& out) override {
    if (done_) return false;
    done_ = true;
    const auto reader = ALUDEL_TRY(io::open_decompressed(files_, part_.path));
    auto bytes = io::read_all(*reader, kMaxDocumentBytes);
    if (!bytes) return count_damage(std::move(bytes).error());
    out = {};
    out.size_bytes = bytes.value().size();
    Document& document = out.document;
    if (kind_ == FileKind::html) {
      document.raw = std::move(bytes).value();
      const io::NameEnding ending = io::ending_of(part_.path);
      document.content_type = ending.format == "html" ? ending.media_type : "text/html";
    } else if (const std::string_view kind = io::binary_kind(bytes.value()); !kind.empty()) {
      ++problems_["binary"];
      examples_["binary"] = fmt::format("{} data", kind);
      return false;
    } else {
      document.text = text::decode_to_utf8(bytes.value()).text;
    }
    if (out.size_bytes == 0) {
      ++problems_["empty"];
      return false;
    }
    document.id = id_of_place(source_, part_, 0);
    document.url = part_.name;
    describe(source_, document);
    return true;
  }

 private:
  Result<bool> count_damage(Error error) {
    if (error.code == Code::corrupt_data) {
      ++problems_["damaged_file"];
    } else if (error.code == Code::resource_exhausted) {
      ++problems_["too_large"];
    } else {
      return error;
    }
    return false;
  }

  io::FileSystem& files_;
  const SourceConfig& source_;
  FilePart part_;
  FileKind kind_;
  bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_html_page(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part) {
  return std::unique_ptr<DocumentReader>(
      std::make_unique<FileReader>(files, source, part, FileKind::html));
}

Result<std::unique_ptr<DocumentReader>> open_text_file(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part) {
  return std::unique_ptr<DocumentReader>(
      std::make_unique<FileReader>(files, source, part, FileKind::text));
}

}  // namespace aludel::curate
