#include <fmt/format.h>

#include "aludel/base/log.h"
#include "aludel/curate/document/annotations.h"
#include "aludel/curate/sources/read_part.h"
#include "aludel/text/book/book.h"

namespace aludel::curate {
namespace {

using ReadBook = Result<text::Book> (*)(std::string_view bytes, std::uint64_t limit_bytes);

constexpr std::uint64_t kMaxBookFileBytes = std::uint64_t{512} << 20;  // most of it is pictures

/// Returns what a book says about itself, as far as it says it.
Json facts_of(const text::Book& book) {
  Json facts = Json::object();
  if (!book.title.empty()) facts["title"] = book.title;
  if (!book.author.empty()) facts["author"] = book.author;
  if (!book.language.empty()) facts["language"] = book.language;
  if (!book.rights.empty()) facts["rights"] = book.rights;
  if (book.missing_chapters > 0) facts["missing_chapters"] = book.missing_chapters;
  return facts;
}

class BookReader final : public DocumentReader {
 public:
  BookReader(io::FileSystem& files, const SourceConfig& source, const FilePart& part, ReadBook read)
      : files_(files), source_(source), part_(part), read_(read) {}

  Result<bool> next(ReadDocument& out) override {
    if (done_) return false;
    done_ = true;
    auto bytes = io::read_file(files_, part_.path, kMaxBookFileBytes);
    if (!bytes) return skip(std::move(bytes).error());
    auto book = read_(bytes.value(), kMaxDocumentBytes);
    if (!book) return skip(std::move(book).error().with_context(part_.path));
    if (book.value().text.empty()) {
      ++problems_["empty"];
      if (book.value().missing_chapters > 0) {
        examples_["empty"] = fmt::format("{} missing chapters", book.value().missing_chapters);
      }
      return false;
    }
    out = {};
    out.size_bytes = bytes.value().size();
    out.missing_chapters = book.value().missing_chapters;
    Json facts = facts_of(book.value());
    if (!facts.as_object().empty()) out.document.annotations[kReadLayer] = std::move(facts);
    out.document.text = std::move(book.value().text);
    out.document.id = id_of_place(source_, part_, 0);
    out.document.url = part_.name;
    describe(source_, out.document);
    return true;
  }

 private:
  /// Counts a book that cannot be read. Hands on any other error, such as one of the disk.
  Result<bool> skip(Error error) {
    if (error.code == Code::corrupt_data) {
      ++problems_["damaged_file"];
    } else if (error.code == Code::resource_exhausted) {
      ++problems_["too_large"];
    } else if (error.code == Code::unsupported) {
      ++problems_["locked_book"];
    } else {
      return error;
    }
    log_warning("{}", error.message);
    return false;
  }

  io::FileSystem& files_;
  const SourceConfig& source_;
  FilePart part_;
  ReadBook read_;
  bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_epub(io::FileSystem& files, const SourceConfig& source,
                                                  const FilePart& part) {
  return std::unique_ptr<DocumentReader>(
      std::make_unique<BookReader>(files, source, part, text::read_epub));
}

Result<std::unique_ptr<DocumentReader>> open_pdf(io::FileSystem& files, const SourceConfig& source,
                                                 const FilePart& part) {
  if (!text::has_pdf()) {
    return Error{Code::unsupported,
                 fmt::format("{}: {}", io::file_name_of(part.path), text::kNoPdf)};
  }
  return std::unique_ptr<DocumentReader>(
      std::make_unique<BookReader>(files, source, part, text::read_pdf));
}

}  // namespace aludel::curate
