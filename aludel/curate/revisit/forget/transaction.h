#pragma once

#include <string>
#include <utility>
#include <vector>

#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {

/// The replacement of many files at once. The caller stages the new versions; commit() writes a
/// journal that lists them, renames each into place in the order in which it was added, and removes
/// the journal. A kill before the journal is written leaves the old files; after that,
/// finish_interrupted() completes the replacement.
class Transaction {
 public:
  Transaction(io::FileSystem& files, std::string journal)
      : files_(files), journal_(std::move(journal)) {}

  /// Completes what the journal of a killed commit() lists. Returns false if there is no journal.
  /// Errors: those of the file system; corrupt_data.
  static Result<bool> finish_interrupted(io::FileSystem& files, const std::string& journal);

  /// Adds a file: the complete file at `staged` will replace `target`. Both must be on one file
  /// system.
  void move(std::string staged, std::string target) {
    moves_.emplace_back(std::move(staged), std::move(target));
  }

  /// Adds a file or folder that will be removed.
  void remove(std::string path) { removals_.push_back(std::move(path)); }

  /// Replaces and removes what was added.
  Status commit();

 private:
  io::FileSystem& files_;
  std::string journal_;
  std::vector<std::pair<std::string, std::string>> moves_;
  std::vector<std::string> removals_;
};

}  // namespace aludel::curate
