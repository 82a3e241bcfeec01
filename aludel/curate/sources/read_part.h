#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "aludel/curate/sources/sources.h"

// What the readers of parts of files share, and how each is opened: the table source_formats()
// names them.
namespace aludel::curate {

inline constexpr std::uint64_t kMaxDocumentBytes = std::uint64_t{64} << 20;

/// An id made of the place, so that the same files give the same ids on every machine.
std::string id_of_place(const SourceConfig& source, const FilePart& part, std::uint64_t position);

/// Puts the source's name, kind, profile, licence and dump on a document.
void describe(const SourceConfig& source, Document& document);

/// The names of the members that hold text and id in this source's records.
DocumentKeys keys_of(const SourceConfig& source);

/// The reason under which a record that is no document is counted: an error of
/// document_from_json().
std::string reason_of(const Error& flaw);

/// Makes a document of a row in a file of many one of this source: its id becomes one of its place,
/// for in a run ids must be unique, and the id it had becomes an annotation. What the row says of
/// its source, kind, profile, dump and language otherwise than the source goes to metadata.
void adopt_row(const SourceConfig& source, const FilePart& part, std::uint64_t position,
               Document& document);

/// A file that cannot be read at all: one problem.
class UnreadableFile final : public DocumentReader {
 public:
  explicit UnreadableFile(const std::string& reason, const std::string& example = "") {
    problems_[reason] = 1;
    if (!example.empty()) examples_[reason] = example;
  }

  Result<bool> next(ReadDocument& /*out*/) override { return false; }
};

/// The reason under which a file counts that gave this error, so that the run goes on without it,
/// wherever the file lies: "damaged_file", "unread_compression", kFormatNotBuilt, "missing_file",
/// "cannot_read" (of a remote file "unreachable") and of a remote file "too_large". Empty for an
/// error that is none of the file's: a stop was asked for, this machine has no memory or no open
/// files left, or a server that is asked no more.
std::string reason_unread(const FilePart& part, const Error& error);

/// Opens the pages of a web archive.
Result<std::unique_ptr<DocumentReader>> open_warc_documents(io::FileSystem& files,
                                                            const SourceConfig& source,
                                                            const FilePart& part);

/// Opens the values of a JSON file: one a line, or in one array.
Result<std::unique_ptr<DocumentReader>> open_json_documents(io::FileSystem& files,
                                                            const SourceConfig& source,
                                                            const FilePart& part);

/// Opens the rows of a Parquet file. Errors: unsupported in a program built without Parquet.
Result<std::unique_ptr<DocumentReader>> open_parquet_documents(io::FileSystem& files,
                                                               const SourceConfig& source,
                                                               const FilePart& part);

/// Opens an HTML file, which is one document; its bytes stay in Document::raw.
Result<std::unique_ptr<DocumentReader>> open_html_page(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part);

/// Opens a file of plain text, which is one document.
Result<std::unique_ptr<DocumentReader>> open_text_file(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part);

/// Opens an EPUB, which is one document.
Result<std::unique_ptr<DocumentReader>> open_epub(io::FileSystem& files, const SourceConfig& source,
                                                  const FilePart& part);

/// Opens a PDF, which is one document. Errors: unsupported in a program built without it.
Result<std::unique_ptr<DocumentReader>> open_pdf(io::FileSystem& files, const SourceConfig& source,
                                                 const FilePart& part);

}  // namespace aludel::curate
