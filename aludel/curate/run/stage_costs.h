#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aludel/base/json.h"

namespace aludel::curate {

/// The costs of a run's stages since this start of the program, in the order in which the stages
/// began. One caller at a time.
class StageCosts {
 public:
  /// Ends the current stage and begins the one of this name. A stage that ended before continues.
  void enter(std::string_view name);

  /// Ends the current stage.
  void end();

  /// Adds {"stages": [{"name", "cpu_seconds", "seconds"}], "peak_memory_bytes"} to `timing`:
  /// processor seconds of the whole process, seconds of the clock, and the most memory that the
  /// process has had.
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
