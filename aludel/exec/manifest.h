#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

// What a run has finished: docs/formats/manifest.md.
namespace aludel::exec {

/// A file that a task left behind; `path` is relative to the run folder.
struct OutputFile {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string xxh128;  // 32 hexadecimal digits, of the bytes on disk
};

/// A task that is done. The row is written after all its outputs are on disk, so a row means that
/// nothing of the task is missing.
struct ManifestRow {
  std::string key;  // 32 hexadecimal digits: all that the outputs depend on
  std::string stage;
  std::string input;
  std::uint64_t begin = 0;  // byte range of the input
  std::uint64_t end = 0;
  std::string config;  // fingerprint
  std::vector<OutputFile> outputs;
  Json counts = Json::object();
};

/// The rows of OUT/manifest.jsonl. Concurrent calls: append() and find() from any thread.
class Manifest {
 public:
  /// Reads the rows; a file that is missing has none and is made. A last line that a kill tore is
  /// dropped from the file. As long as the manifest lives no other can be opened on the same file:
  /// one run at a time works in a folder.
  /// Errors: io_error while another run is at work; corrupt_data for a line that is no row.
  static Result<std::unique_ptr<Manifest>> open(io::FileSystem& files, const std::string& path);

  /// Writes the row behind the others and waits until it is on disk.
  Status append(const ManifestRow& row);

  /// The last row of that key, if there is one.
  std::optional<ManifestRow> find(const std::string& key) const;

  /// A row of that stage, if there is one: for stages of one task.
  std::optional<ManifestRow> find_stage(std::string_view stage) const;

  /// Replaces the file by the last rows of these keys in this order, and `end`, atomically: the end
  /// of a run, where the order must not tell how many workers there were. REQUIRES: there is a row
  /// of each key.
  Status replace(std::span<const std::string> keys, const ManifestRow& end);

 private:
  Manifest(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  io::FileSystem& files_;
  std::string path_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> lines_;  // by key: the last; as text, a fifth of its values
  std::unique_ptr<io::ByteWriter> writer_;    // holds the file's lock
};

Json to_json(const ManifestRow& row);
Result<ManifestRow> manifest_row_from_json(const Json& json);

/// Size and xxh128 of a file. `relative` is what the result carries as its path.
Result<OutputFile> describe_output(io::FileSystem& files, const std::string& run_folder,
                                   const std::string& relative);

}  // namespace aludel::exec
