#include <fmt/format.h>

#include "aludel/base/hash.h"
#include "aludel/curate/sources.h"
#include "aludel/io/codec.h"
#include "aludel/io/lines.h"
#include "aludel/text/charset.h"

namespace aludel::curate {
namespace {

constexpr std::uint64_t kMaxDocumentBytes = std::uint64_t{64} << 20;

/// Ids are made of the place, so that the same files give the same ids on every machine.
std::string id_of(const SourceConfig& source, const FilePart& part, std::uint64_t position) {
  return hash128(fmt::format("{}\n{}\n{}", source.name, part.name, position)).hex();
}

void describe(const SourceConfig& source, Document& document) {
  document.source = source.name;
  document.kind = source.kind;
  document.profile = source.profile;
  if (document.licence.empty()) document.licence = source.licence;
}

/// A file that is one document.
class FileReader final : public DocumentReader {
 public:
  FileReader(io::FileSystem& files, const SourceConfig& source, const FilePart& part)
      : files_(files), source_(source), part_(part) {}

  Result<bool> next(ReadDocument& out) override {
    if (done_) return false;
    done_ = true;
    const auto reader = ALUDEL_TRY(io::open_decompressed(files_, part_.path));
    auto bytes = io::read_all(*reader, kMaxDocumentBytes);
    if (!bytes) return count_damage(std::move(bytes).error());
    out = {};
    out.size_bytes = bytes.value().size();
    Document& document = out.document;
    if (part_.format == "html") {
      document.raw = std::move(bytes).value();
      document.content_type = "text/html";
    } else {
      document.text = text::decode_to_utf8(bytes.value()).text;
    }
    if (out.size_bytes == 0) {
      ++problems_["empty"];
      return false;
    }
    document.id = id_of(source_, part_, 0);
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
  bool done_ = false;
};

/// One JSON object a line.
class JsonlDocuments final : public DocumentReader {
 public:
  static Result<std::unique_ptr<DocumentReader>> open(io::FileSystem& files,
                                                      const SourceConfig& source,
                                                      const FilePart& part) {
    std::unique_ptr<io::ByteReader> bytes;
    const bool first = part.begin == 0;
    if (first) {
      bytes = ALUDEL_TRY(io::open_decompressed(files, part.path));
    } else {  // from the byte before, so that a line that begins at part.begin is not skipped
      bytes = ALUDEL_TRY(files.open(part.path, part.begin - 1));
    }
    std::unique_ptr<JsonlDocuments> reader(new JsonlDocuments(std::move(bytes), source, part));
    if (io::codec_of_path(part.path) != nullptr) reader->end_ = UINT64_MAX;
    if (!first) {
      reader->position_ = part.begin - 1;
      std::string_view rest_of_line;
      if (!ALUDEL_TRY(reader->next_line(rest_of_line))) reader->done_ = true;
    }
    return std::unique_ptr<DocumentReader>(std::move(reader));
  }

  Result<bool> next(ReadDocument& out) override {
    std::string_view line;
    while (ALUDEL_TRY(next_line(line))) {
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      const auto json = parse_json(line);
      if (!json) {
        ++problems_["bad_json"];
        continue;
      }
      auto document = document_from_json(json.value());
      if (!document) {
        ++problems_["bad_document"];
        continue;
      }
      if (document.value().text.empty()) {
        ++problems_["empty"];
        continue;
      }
      out.document = std::move(document).value();
      out.size_bytes = line.size();
      finish(out.document);
      return true;
    }
    return false;
  }

 private:
  JsonlDocuments(std::unique_ptr<io::ByteReader> bytes, const SourceConfig& source,
                 const FilePart& part)
      : lines_(std::move(bytes), kMaxDocumentBytes), source_(source), part_(part), end_(part.end) {}

  /// The next line of the part; a line that is too long is counted and left out.
  Result<bool> next_line(std::string_view& line) {
    while (!done_ && position_ < end_) {
      const auto found = lines_.next(line);
      if (found) {
        done_ = !found.value();
        line_begin_ = position_;
        position_ += line.size() + 1;
        return found.value();
      }
      if (found.error().code == Code::resource_exhausted) {
        ++problems_["too_large"];
      } else if (found.error().code == Code::corrupt_data) {
        ++problems_["damaged_file"];
        done_ = true;
      } else {
        return found.error();
      }
    }
    return false;
  }

  /// An id of another collection is kept as an annotation: in a run, ids must be unique.
  void finish(Document& document) {
    if (!document.id.empty()) document.annotations["read"]["id"] = document.id;
    document.id = id_of(source_, part_, line_begin_);
    if (document.url.empty()) document.url = fmt::format("{}#{}", part_.name, line_begin_);
    document.rejected_by.clear();
    document.reason.clear();
    document.score = 0;
    describe(source_, document);
  }

  io::LineReader lines_;
  const SourceConfig& source_;
  FilePart part_;
  std::uint64_t end_;
  std::uint64_t position_ = 0;  // where the next line begins
  std::uint64_t line_begin_ = 0;
  bool done_ = false;
};

/// A file that no format claims: one problem.
class UnknownFile final : public DocumentReader {
 public:
  UnknownFile() { problems_["unknown_format"] = 1; }

  Result<bool> next(ReadDocument&) override { return false; }
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_documents(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part) {
  if (part.format == "jsonl") return JsonlDocuments::open(files, source, part);
  if (part.format.empty()) return std::unique_ptr<DocumentReader>(std::make_unique<UnknownFile>());
  return std::unique_ptr<DocumentReader>(std::make_unique<FileReader>(files, source, part));
}

}  // namespace aludel::curate
