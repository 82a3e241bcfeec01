#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"

namespace aludel::curate {

/// What the stages of one start of a run cost, in the order in which they were entered first.
/// One caller at a time.
class StageCosts {
 public:
  /// Ends the stage before and begins this one; a name that came before goes on.
  void enter(std::string_view name);

  /// Ends the last stage.
  void end();

  /// Adds {"stages": [{"name", "cpu_seconds", "seconds"}], "peak_memory_bytes"}: CPU of the whole
  /// process, seconds of the clock, and the most memory that the process has had.
  void add_to(Json& timing) const;

 private:
  struct Stage {
    std::string name;
    double cpu_seconds = 0;
    double seconds = 0;
  };

  std::vector<Stage> stages_;
  Stage* open_ = nullptr;
  double cpu_begin_ = 0;
  double begin_ = 0;
};

}  // namespace aludel::curate
