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

// Sources as documents: which files a run reads, cut into shards, and what is read from each.
namespace aludel::curate {

/// A file of a format that this program was built without.
inline constexpr std::string_view kFormatNotBuilt = "format_not_built";

/// A part of a file. A record (a line, a WARC record) belongs to the part in which it begins.
struct FilePart {
  std::string path;
  std::string name;    // path from the source's folder on; documents' ids are made of it
  std::string format;  // a name of source_formats(); empty for a file that none of them claims
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  /// Whether it is read as one stream to its end: it is compressed, or JSON whose values do not lie
  /// on lines of UTF-8. Its bytes told when the run was planned; nobody asks its name.
  bool is_stream = false;
  /// The size of the file when the run was planned, where it can be had again at no cost.
  std::optional<std::uint64_t> file_bytes = {};
  /// Why nothing of the file is read, the reason under which it counts, where that was known when
  /// the run was planned; else empty. And what was found, in a few words, or nothing.
  std::string unread = {};
  std::string unread_because = {};
};

/// What one task reads; shards of all sources are numbered in one row.
struct Shard {
  std::size_t source = 0;  // index in the config
  std::vector<FilePart> parts;
  std::uint64_t size_bytes = 0;
  std::string content;  // fingerprint of the files' names and, if hashed, of all their bytes
  std::uint64_t most_documents = UINT64_MAX;  // what follows them is not read: --limit
};

/// Whether shards are planned to be known by their bytes, or only to find a document in them.
enum class Contents : std::uint8_t { hashed, names };

inline constexpr std::uint64_t kMaxParts = 2'000'000;  // of files: about 500 MB

/// Cuts and joins the files of all sources into shards of about task_megabytes: files in the order
/// of their names, small ones together, larger ones cut where their format allows it. The cuts
/// depend on nothing but the config and the files. Hashing reads every file once, but for
/// those whose place marks versions. What stands in a folder and cannot be read is planned as a
/// file that is not read, whatever keeps it from being one. A file that a source names twice is
/// read once; one that two sources name is read by both, with a warning. Sizes of remote files are
/// claims: they cut a file into parts, but make no more of them than memory holds. Errors:
/// not_found for a path that does not exist or has no file in it; resource_exhausted for more than
/// kMaxParts.
Result<std::vector<Shard>> plan_shards(io::FileSystem& files, const SourcesToCut& cut,
                                       Contents contents = Contents::hashed);

/// Of all of them, as they lie on the disk.
std::uint64_t stored_bytes(std::span<const Shard> shards);

/// What a file is, which its first bytes tell before its name does.
struct FileShape {
  std::string format;       // as FilePart
  bool is_stream = false;   // as FilePart
  bool is_remote = false;   // each look at it is a request to a server
  std::string unread = {};  // as FilePart
  std::string unread_because = {};
};

/// The one answer to what a file of this source is. A `format` that the source names is believed,
/// and so is a file that it names itself, whatever its name says. Nothing is opened that is no
/// file. Of a remote file nothing is fetched, but for one named as JSON. Errors: those of reading
/// it.
Result<FileShape> shape_of(io::FileSystem& files, const io::FileInfo& info,
                           const SourceConfig& source);

struct ReadDocument {
  Document document;
  std::uint64_t size_bytes = 0;        // as it was stored, decompressed
  bool is_truncated = false;           // the crawler cut it: annotations.read.truncated says why
  std::uint64_t missing_chapters = 0;  // of a book
};

/// Reads the documents of one part. One caller at a time.
class DocumentReader {
 public:
  virtual ~DocumentReader() = default;

  /// The next document; false at the end. Errors: io_error and the like; damage is counted.
  virtual Result<bool> next(ReadDocument& out) = 0;

  /// Ends the reading, at the last document or before it: what was met on the way is counted then.
  virtual void end() {}

  /// Records that were meant as documents and could not be read, by reason; all of them after
  /// end().
  const std::map<std::string, std::uint64_t>& problems() const { return problems_; }

  /// Of some reasons, what the first such record was, in a few words: "members content, id, url".
  const std::map<std::string, std::string>& examples() const { return examples_; }

 protected:
  std::map<std::string, std::uint64_t> problems_;
  std::map<std::string, std::string> examples_;
};

/// A reader whose documents carry the source's name, kind, licence and profile and have an id made
/// of source, name and place. HTML stays in Document::raw; all else is decoded into text.
Result<std::unique_ptr<DocumentReader>> open_documents(io::FileSystem& files,
                                                       const SourceConfig& source,
                                                       const FilePart& part);

}  // namespace aludel::curate
