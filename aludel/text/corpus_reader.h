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
  std::string cluster;  // of near-duplicates (annotations.minhash_dedup.cluster), else the id
  std::string text;
};

/// The documents of JSONL and Parquet files (key "text") and of plain text files (one document
/// each), in the order of the files' paths. One caller at a time.
class CorpusReader {
 public:
  /// `paths` are files or folders; of a folder the *.jsonl, *.ndjson, *.parquet and *.txt files
  /// count, plain or compressed. Errors: not_found, io_error; invalid_argument where there is no
  /// file, or a folder holds a run's kept and rejected documents both.
  static Result<CorpusReader> open(io::FileSystem& files, const std::vector<std::string>& paths);

  /// The next document with a text that is not empty; false at the end. Rows that are no document
  /// are counted, not errors. Errors: unsupported for a plain file that holds no text.
  Result<bool> next(CorpusDocument& document);

  /// Documents of about `limit_bytes` of text, none at the end.
  Result<std::vector<CorpusDocument>> next_batch(std::size_t limit_bytes = std::size_t{8} << 20);

  std::uint64_t bad_lines() const { return bad_lines_; }

  /// Warns of rows that were no documents, with the place of the first. To be called at the end.
  void warn_of_bad_lines(std::string_view command) const;

  /// The same. Errors: invalid_argument where not one document had a text, for work that would
  /// make something of nothing.
  Status expect_documents(std::string_view command) const;

 private:
  CorpusReader(io::FileSystem& files, std::vector<std::string> paths)
      : files_(&files), paths_(std::move(paths)) {}

  Result<bool> next_row(CorpusDocument& document);
  Status open_next_file(CorpusDocument& document);

  io::FileSystem* files_;
  std::vector<std::string> paths_;
  std::size_t next_path_ = 0;
  std::unique_ptr<io::RowReader> rows_;
  void count_bad_line();

  std::uint64_t documents_ = 0;
  std::uint64_t bad_lines_ = 0;
  std::string first_bad_line_;  // "in.jsonl:3"
};

}  // namespace aludel::text
