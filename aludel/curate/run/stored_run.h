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
  /// Errors: not_found for what is no finished run; those of reading it.
  static Result<StoredRun> open(io::FileSystem& files, const std::string& folder);

  const std::string& folder() const { return folder_; }

  const CurateConfig& config() const { return config_; }

  RunKind kind() const { return config_.annotate ? RunKind::annotated : RunKind::decided; }

  const Json& ledger() const { return ledger_; }

  /// Its kept files in order, then its rejects, one shard each.
  Result<std::vector<Shard>> shards(Contents contents = Contents::hashed) const;

  /// What its sources had that is no document: bytes_raw, and what could not be read, by reason.
  Counts unread() const;

 private:
  StoredRun(io::FileSystem& files, std::string folder)
      : files_(&files), folder_(std::move(folder)) {}

  io::FileSystem* files_;
  std::string folder_;
  CurateConfig config_;
  Json ledger_;
};

/// Errors: invalid_argument where the configs do not have the same sources, as far as that counts
/// behind the reading: names, profiles and kinds.
Status check_same_sources(const CurateConfig& run, const CurateConfig& now);

/// The config of a run that reads another: that of the run itself, or `toml` (without [[sources]]
/// it gets the run's), with `--set` changes and `from` set. `name` is for messages.
/// Errors: those of read_curate_config; invalid_argument where it names other sources.
Result<CurateConfig> config_over_run(const StoredRun& run, std::string_view toml,
                                     std::string_view name, const std::vector<std::string>& set);

}  // namespace aludel::curate
