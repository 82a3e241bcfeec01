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

/// All that the bytes of a run depend on, in parts, so that a user can be told which part differs.
struct RunBasis {
  Json settings;        // the resolved config
  std::string sources;  // fingerprint of the files that are read
  std::string models;
  exec::Task done;  // the task whose key covers all of these

  /// Returns sources and models. The settings are in config.resolved.toml.
  Json to_json() const;
};

/// Returns "layers.metrics.min_words 40 -> 60" for each setting that differs between two resolved
/// configs.
std::vector<std::string> settings_that_differ(const Json& before, const Json& now);

/// The folder of one run. It locks the folder, knows what an earlier start has left there, and ends
/// the run. One caller at a time.
class RunFolder {
 public:
  /// Checks whether a run with these settings can be made in a folder, as far as that can be told
  /// without what the run reads. Changes nothing. Errors: invalid_argument for a folder that holds
  /// files and is not a run folder, in which a `forget` is unfinished or, unless it may be replaced,
  /// which holds a finished run of other settings.
  static Status check(io::FileSystem& files, const std::string& folder, const Json& settings,
                      io::Existing existing);

  /// Makes the folder and locks it. Errors: invalid_argument for a folder that holds files and is
  /// not a run folder, or in which a `forget` is unfinished; io_error while another run works
  /// there.
  static Result<RunFolder> open(io::FileSystem& files, std::string folder);

  std::string path(std::string_view name) const { return io::join_path(folder_, name); }

  exec::Manifest& manifest() { return *manifest_; }

  const Forgotten& forgotten() const { return forgotten_; }

  /// True if an earlier start did some of the work.
  bool was_begun() const { return was_begun_; }

  /// True if the run is finished with this basis, and all its files are as they were written.
  bool is_done(const RunBasis& basis) const;

  /// True if begin() would replace a finished run of another basis.
  bool would_replace(const RunBasis& basis) const;

  /// Removes what open() made, so that a start that failed leaves nothing behind. Does nothing if a
  /// manifest was there before, or after begin(). The folder must not be used any more.
  void abandon_unbegun();

  /// Begins or continues a run. If the folder holds a finished run of another basis, refuses it
  /// with what differs, or, with Existing::replace, removes its ledger and report so that it no
  /// longer counts as finished. Logs what differs if an unfinished run had other settings.
  /// REQUIRES: not is_done().
  /// Errors: invalid_argument for a finished run of another basis; those of writing.
  Status begin(const RunBasis& basis, io::Existing existing);

  /// Ends the run: removes the files that an earlier config has left, writes the manifest's row
  /// that says that the run is done, and removes scratch. `rows` are those of all its tasks.
  Status finish(const RunBasis& basis, std::span<const exec::ManifestRow> rows);

  /// Removes the files that only an unfinished run needs.
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
