#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/curate/document/document.h"
#include "aludel/curate/sources/source_config.h"
#include "aludel/io/file_system.h"

// Reads sources as documents: finds their files, cuts them into shards, and reads what is in each.
namespace aludel::curate {

/// The reason under which a file is counted whose format this program was built without.
inline constexpr std::string_view kFormatNotBuilt = "format_not_built";

/// A part of a file. A record (a line, a WARC record) belongs to the part in which it begins.
struct FilePart {
  std::string path;
  std::string name;    // path below the source's folder; documents' ids are made of it
  std::string format;  // a name of source_formats(); empty if the format is unknown
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  /// True if it is read as one stream to its end, because it is compressed or is JSON whose values
  /// are not one a line in UTF-8. The file's first bytes decided this when the run was planned; its
  /// name is not used again.
  bool is_stream = false;
  /// The size of the file when the run was planned; nothing for a remote file, because to ask for
  /// it again is a request.
  std::optional<std::uint64_t> file_bytes = {};
  std::string file_version = {};  // of the same moment
  /// The reason under which the file is counted as not read, if that was known when the run was
  /// planned; else empty. `unread_because` says in a few words what was found, or nothing.
  std::string unread = {};
  std::string unread_because = {};
};

/// The part of the sources that one task reads. The shards of all sources are numbered together.
struct Shard {
  std::size_t source = 0;  // index in the config
  std::vector<FilePart> parts;
  std::uint64_t size_bytes = 0;
  std::string content;                        // fingerprint of the files' names, versions and sizes
  std::uint64_t most_documents = UINT64_MAX;  // documents behind these are not read: --limit
};

inline constexpr std::uint64_t kMaxParts = 2'000'000;  // of all files: about 500 MB of memory

/// Cuts and joins the files of all sources into shards of about task_megabytes. Takes the files in
/// the order of their names, puts small ones together, and cuts larger ones if their format allows
/// it. The cuts depend only on the config and the files.
/// Reads no more of a file than its first bytes: its size and version (on a disk the time of its
/// last change) stand for its contents. What is found in a folder and cannot be read, such as a
/// pipe, becomes a file that is not read. A file that a source names twice is read once; a file
/// that two sources name is read by both, with a warning. The stated size of a remote file may be
/// wrong: it decides the cuts, but cannot make more than kMaxParts of them. Errors: not_found for a
/// path that does not exist or has no file in it; resource_exhausted for more than kMaxParts.
Result<std::vector<Shard>> plan_shards(io::FileSystem& files, const SourcesToCut& cut);

/// Returns the bytes of all shards, as their files are stored.
std::uint64_t stored_bytes(std::span<const Shard> shards);

/// What a file is. Its first bytes tell it, rather than its name.
struct FileShape {
  std::string format;       // as FilePart
  bool is_stream = false;   // as FilePart
  bool is_remote = false;   // each look at it is a request to a server
  std::string unread = {};  // as FilePart
  std::string unread_because = {};
};

/// Finds out what a file of a source is. Takes the word of a source that names a `format`. Takes a
/// file that the source names itself even if it has the name of a file that is not read. Of a
/// remote file, reads only the first bytes of JSON, and nothing of any other format. Errors: those
/// of reading the file.
Result<FileShape> shape_of(io::FileSystem& files, const io::FileInfo& info,
                           const SourceConfig& source);

/// A document as it was read.
struct ReadDocument {
  Document document;
  std::uint64_t size_bytes = 0;        // of the record as stored, but decompressed
  bool is_truncated = false;           // the crawler cut it: annotations.read.truncated says why
  std::uint64_t missing_chapters = 0;  // of a book
};

/// The reader of the documents of one part. One caller at a time.
class DocumentReader {
 public:
  virtual ~DocumentReader() = default;

  /// Reads the next document. Returns false at the end. Errors: those of reading the file, such as
  /// io_error; damage is counted in problems() instead.
  virtual Result<bool> next(ReadDocument& out) = 0;

  /// Ends the reading, at the last document or before it, and counts what was met on the way.
  virtual void end() {}

  /// Returns how many records were meant as documents and could not be read, by reason. The counts
  /// are complete after end().
  const std::map<std::string, std::uint64_t>& problems() const { return problems_; }

  /// Returns what the first such record was, for some of the reasons, in a few words: "members
  /// content, id, url".
  const std::map<std::string, std::string>& examples() const { return examples_; }

 protected:
  std::map<std::string, std::uint64_t> problems_;
  std::map<std::string, std::string> examples_;
};

/// Opens a reader of a part. Its documents have the source's name, kind, profile and, if they state
/// none, licence. Their ids are made of source, file name and place. HTML stays in Document::raw;
/// everything else is decoded into text. Errors: those that are not the file's own
/// (reason_unread()).
Result<std::unique_ptr<DocumentReader>> open_documents(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part);

}  // namespace aludel::curate
