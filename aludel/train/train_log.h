#pragma once

#include <cstdint>
#include <string>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"

namespace aludel::train {

/// OUT/train_log.jsonl: one object a step. Rows are held in memory and written as a whole, with
/// every checkpoint: the log never tells of steps that a resumed run makes again.
class TrainLog {
 public:
  /// Reads the rows of steps <= `last_step`; later ones are forgotten. Says on stderr where the log
  /// is damaged, and leaves those lines out. Errors: those of reading.
  static Result<TrainLog> open(io::FileSystem& files, const std::string& path,
                               std::int64_t last_step);

  void add(const Json& row) { rows_ += row.dump() + "\n"; }

  Status write(io::FileSystem& files) const { return io::write_file(files, path_, rows_); }

 private:
  explicit TrainLog(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::string rows_;
};

}  // namespace aludel::train
