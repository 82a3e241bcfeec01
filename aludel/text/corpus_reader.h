#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/io/rows.h"

namespace aludel::text {

/// The part of a document that counting and tokenising need.
struct CorpusDocument {
  std::string id;
  std::string source;
  std::string label;    // of labelled examples, else empty
  std::string cluster;  // of near-duplicates, where the row names one; else the id
  std::string text;
};

/// The documents of JSONL and Parquet files (key "text") and of plain text files (one document
/// each), in the order of the files' paths. One caller at a time.
class CorpusReader {
 public:
  /// `paths` are files or folders; of a folder the *.jsonl, *.ndjson, *.parquet and *.txt files
  /// count, plain or compressed. A file that they name twice is read once; of that, and of what
  /// else is not read, there is a warning. Errors: not_found, io_error; invalid_argument where one
  /// of them has no file at all or all have none with texts, or a folder holds a run's kept and
  /// rejected documents both.
  static Result<CorpusReader> open(io::FileSystem& files, const std::vector<std::string>& paths);

  /// A reader of the same documents from the first on, which has warned of nothing.
  CorpusReader again() const { return {*files_, paths_}; }

  /// The next document with a text that is not empty; false at the end. Rows that are no document
  /// or have an empty text are counted, not errors. Errors: unsupported for a plain file that holds
  /// no text.
  Result<bool> next(CorpusDocument& document);

  /// Documents of about `limit_bytes` of text, none at the end.
  Result<std::vector<CorpusDocument>> next_batch(std::size_t limit_bytes = std::size_t{8} << 20);

  std::uint64_t bad_lines() const { return bad_lines_.count; }

  /// Warns of rows that were no documents or had an empty text, with the place of the first. To be
  /// called at the end.
  void warn_of_bad_lines(std::string_view command) const;

  /// The same, for work that takes an empty corpus. Errors: invalid_argument where there were rows
  /// and none had a text: it is under another name.
  Status expect_texts_in_rows(std::string_view command) const;

  /// The same. Errors: invalid_argument where not one document had a text, for work that would
  /// make something of nothing.
  Status expect_documents(std::string_view command) const;

 private:
  enum class Found : std::uint8_t { document, bad_line, rows, end };

  struct Tally {
    void add(std::string place);

    std::uint64_t count = 0;
    std::string first;  // "in.jsonl:3"
  };

  CorpusReader(io::FileSystem& files, std::vector<std::string> paths)
      : files_(&files), paths_(std::move(paths)) {}

  Result<Found> next_row(CorpusDocument& document);
  Result<Found> open_next_file(CorpusDocument& document);

  /// Where the reader is: "in.jsonl:3", "page.txt".
  std::string place() const;

  io::FileSystem* files_;
  std::vector<std::string> paths_;
  std::size_t next_path_ = 0;
  std::unique_ptr<io::RowReader> rows_;
  std::uint64_t documents_ = 0;
  Tally bad_lines_;
  Tally empty_texts_;
};

}  // namespace aludel::text
