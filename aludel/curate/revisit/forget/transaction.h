#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// Replaces many files at once, so that a kill leaves the old ones or, when the same is asked for
/// again, the new ones: new versions are staged; then the journal that lists them is written, from
/// which moment on they count; then each is renamed into place, in the order in which it was added;
/// then the journal goes.
class Transaction {
 public:
  Transaction(io::FileSystem& files, std::string journal)
      : files_(files), journal_(std::move(journal)) {}

  /// Does what a journal says that a kill left behind. Whether there was one.
  static Result<bool> finish_interrupted(io::FileSystem& files, const std::string& journal);

  /// A file that is complete at `staged` will replace `target`. Both on one file system.
  void move(std::string staged, std::string target) {
    moves_.emplace_back(std::move(staged), std::move(target));
  }

  /// A file or folder that will go.
  void remove(std::string path) { removals_.push_back(std::move(path)); }

  Status commit();

 private:
  io::FileSystem& files_;
  std::string journal_;
  std::vector<std::pair<std::string, std::string>> moves_;
  std::vector<std::string> removals_;
};

}  // namespace aludel::curate
