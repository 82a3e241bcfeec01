#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "aludel/curate/sources/sources.h"

// What the readers of parts of files share, and the functions that open them. The table
// source_formats() names those.
namespace aludel::curate {

inline constexpr std::uint64_t kMaxDocumentBytes = std::uint64_t{64} << 20;

/// Returns an id made of source, file and position, so that the same files give the same ids on
/// every machine.
std::string id_of_place(const SourceConfig& source, const FilePart& part, std::uint64_t position);

/// Puts the source's name, kind, profile, licence and dump on a document.
void describe(const SourceConfig& source, Document& document);

/// Returns the names of the members that hold text and id in this source's records.
DocumentKeys keys_of(const SourceConfig& source);

/// Returns the reason under which a record is counted that is not a document. `flaw` is the error
/// of document_from_json().
std::string reason_of(const Error& flaw);

/// Makes a row of a file, which is one of many, a document of this source. Replaces its id by one
/// made of its place, because ids must be unique in a run, and keeps the old id as an annotation.
/// Copies to metadata what the row says of its source, kind, profile and dump if the source says
/// otherwise, and its language and cluster.
void adopt_row(const SourceConfig& source, const FilePart& part, std::uint64_t position,
               Document& document);

/// The reader of a file that cannot be read at all: no document and one problem.
class UnreadableFile final : public DocumentReader {
 public:
  explicit UnreadableFile(const std::string& reason, const std::string& example = "") {
    problems_[reason] = 1;
    if (!example.empty()) examples_[reason] = example;
  }

  Result<bool> next(ReadDocument& /*out*/) override { return false; }
};

/// Returns the reason under which a file is counted that gave this error, so that the run continues
/// without it: "damaged_file", "unread_compression", kFormatNotBuilt or "missing_file"; of a remote
/// file also "unreachable" or "too_large", of a local one also "cannot_read". Returns an empty text
/// if the error is not the file's: a stop was asked for, this machine has no memory or no open
/// files left, or the program no longer asks the server.
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
