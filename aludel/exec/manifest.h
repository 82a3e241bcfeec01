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

// The record of what a run has finished: docs/formats/manifest.md.
namespace aludel::exec {

/// A file that a task has written; `path` is relative to the run folder.
struct OutputFile {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string xxh128;  // 32 hexadecimal digits, of the bytes on disk
};

/// A task that is done. The row is written after all outputs are on disk, so a row means that no
/// output of the task is missing.
struct ManifestRow {
  std::string key;  // task_key(): a hash of all that the outputs depend on
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
  /// Reads the rows of the file, or creates an empty file where there is none. Removes a last line
  /// that a kill has cut short. Locks the file as long as the manifest lives, so that one run at a
  /// time works in a folder.
  /// Errors: io_error while another run holds the lock; corrupt_data for a line that is not a row.
  static Result<std::unique_ptr<Manifest>> open(io::FileSystem& files, const std::string& path);

  /// Appends the row and waits until it is on disk.
  Status append(const ManifestRow& row);

  /// Returns the last row with that key, if there is one.
  std::optional<ManifestRow> find(const std::string& key) const;

  /// Returns a row of that stage, if there is one. Meant for stages of one task.
  std::optional<ManifestRow> find_stage(std::string_view stage) const;

  /// Replaces the file atomically by the last row of each of these keys, in this order, and `end`.
  /// A finished run does this, so that the order does not tell how many workers there were.
  /// REQUIRES: each key has a row.
  Status replace(std::span<const std::string> keys, const ManifestRow& end);

 private:
  Manifest(io::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  io::FileSystem& files_;
  std::string path_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> lines_;  // last row by key; text needs a fifth of its memory
  std::unique_ptr<io::ByteWriter> writer_;    // holds the file's lock
};

Json to_json(const ManifestRow& row);
Result<ManifestRow> manifest_row_from_json(const Json& json);

/// Reads a file and returns its size and xxh128. `relative` is its path below `run_folder`, and the
/// path in the result.
Result<OutputFile> describe_output(io::FileSystem& files, const std::string& run_folder,
                                   const std::string& relative);

}  // namespace aludel::exec
