#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/curate/layout/run_paths.h"
#include "aludel/curate/run/forgotten.h"
#include "aludel/exec/tasks.h"
#include "aludel/io/file_system.h"
#include "aludel/io/keeping_file_system.h"

namespace aludel::curate {

/// What the bytes of a run depend on, in parts that a user can be told of.
struct RunBasis {
  Json settings;        // the resolved config
  std::string sources;  // fingerprints of the files read
  std::string models;
  exec::Task done;  // its key is that of all of them

  Json to_json() const;
};

/// "layers.metrics.min_words 40 -> 60" for each setting that differs between two resolved configs.
std::vector<std::string> settings_that_differ(const Json& before, const Json& now);

/// The folder of one run: its lock, what an earlier start has left there, and its end. One caller
/// at a time.
class RunFolder {
 public:
  /// Makes the folder and locks it. Errors: invalid_argument for one that holds files and is no run
  /// folder, or in which a `forget` is unfinished; io_error while another run is at work there.
  static Result<RunFolder> open(io::FileSystem& files, std::string folder);

  std::string path(std::string_view name) const { return io::join_path(folder_, name); }

  exec::Manifest& manifest() { return *manifest_; }

  const Forgotten& forgotten() const { return forgotten_; }

  /// Whether an earlier start did some of the work.
  bool was_begun() const { return was_begun_; }

  /// Whether the run is finished, with all its files as they were written.
  bool is_done(const RunBasis& basis) const;

  /// Whether begin() would make a finished run of another basis an unfinished one.
  bool would_replace(const RunBasis& basis) const;

  /// Removes what open() made, where nothing was there before and begin() never came: a start that
  /// failed leaves nothing behind. The folder is not used any more.
  void abandon_unbegun();

  /// Begins or goes on with a run that is not done. A finished run of another basis is refused with
  /// what differs, or from here on is no finished run any more; of an unfinished one of other
  /// settings the log says what differs. REQUIRES: not is_done().
  /// Errors: invalid_argument for a finished run of another basis.
  Status begin(const RunBasis& basis, io::Existing existing);

  /// Ends the run: removes what an earlier config has left, and writes the row that says it is
  /// done. `rows` are those of all its tasks.
  Status finish(const RunBasis& basis, std::span<const exec::ManifestRow> rows);

  /// Removes what only an unfinished run needs.
  Status remove_scratch() { return files_->remove(path(kWorkFolder)); }

 private:
  RunFolder(io::FileSystem& files, std::string folder)
      : files_(&files), folder_(std::move(folder)) {}

  Status sweep(std::span<const exec::OutputFile> valid);
  std::string difference_from(const Json& earlier, const RunBasis& basis) const;

  io::FileSystem* files_;
  std::string folder_;
  Forgotten forgotten_;
  std::unique_ptr<exec::Manifest> manifest_;
  bool was_begun_ = false;
  bool made_folder_ = false;
  bool made_manifest_ = false;
};

}  // namespace aludel::curate
