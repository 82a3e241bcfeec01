#pragma once

#include <string>
#include <vector>

#include "aludel/curate/cascade/config.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/sources/ledger.h"
#include "aludel/curate/sources/sources.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// A finished run of curate that is read again.
class StoredRun {
 public:
  /// Opens a run. Errors: not_found if the folder holds no finished run; those of reading it.
  static Result<StoredRun> open(io::FileSystem& files, const std::string& folder);

  const std::string& folder() const { return folder_; }

  const CurateConfig& config() const { return config_; }

  RunKind kind() const { return config_.annotate ? RunKind::annotated : RunKind::decided; }

  const Json& ledger() const { return ledger_; }

  /// Returns its kept files in order, then its rejects, as one shard each.
  Result<std::vector<Shard>> shards() const;

  /// Returns what the run's ledger says of reading: bytes_raw, and the records that did not become
  /// documents, by reason.
  Counts unread() const;

 private:
  StoredRun(io::FileSystem& files, std::string folder)
      : files_(&files), folder_(std::move(folder)) {}

  io::FileSystem* files_;
  std::string folder_;
  CurateConfig config_;
  Json ledger_;
};

/// Reads the config of a run from its folder, with what only the program writes there. Errors:
/// not_found; those of read_curate_config.
Result<CurateConfig> read_resolved_config(io::FileSystem& files, const std::string& folder);

/// Checks that two configs have the same sources, as far as that matters after reading: their
/// names, profiles and kinds. Errors: invalid_argument, also where `now` would read only a part of
/// them.
Status check_same_sources(const CurateConfig& run, const CurateConfig& now);

/// Returns the config of a run that reads another: that of the run itself if `toml` is empty, else
/// `toml` (which gets the run's [[sources]] if it has none), with the changes of `--set` and with
/// `from` set. The run's own `annotate` and `recover` are left out. `name` stands for `toml` in
/// messages.
/// Errors: those of read_curate_config; invalid_argument if it names other sources.
Result<CurateConfig> config_over_run(const StoredRun& run, std::string_view toml,
                                     std::string_view name, const std::vector<std::string>& set);

}  // namespace aludel::curate
