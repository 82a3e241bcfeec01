#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aludel/exec/records.h"
#include "aludel/exec/sorted_records.h"
#include "aludel/exec/tasks.h"

// Stages of tasks for data that does not fit into memory. A task reads its partition of what
// earlier stages wrote, sorts it if needed, and writes one partitioned file for each output. A
// stage is done when all its tasks are in the manifest (map, shuffle and reduce: Dean & Ghemawat
// 2004).
namespace aludel::exec {

/// One output of a stage: one file for each task, in the tasks' order.
struct StageOutput {
  RecordLayout layout;
  std::vector<std::string> paths;
  std::uint64_t size_bytes = 0;  // of all files together
};

/// What a finished stage has written.
struct StageResult {
  std::vector<StageOutput> outputs;
  std::vector<Json> counts;  // by task
  std::string fingerprint;   // of all bytes that the stage has written
};

/// One running task of a stage.
struct StageTask {
  std::size_t number;
  std::vector<std::unique_ptr<RecordWriter>> out;  // one for each output; committed after the work
  std::vector<std::string> files = {};  // further committed files, relative to the run folder
  Json counts = Json::object();

  /// Appends a record to a partition of an output.
  Status write(std::size_t output, std::size_t partition, std::string_view record) {
    return out[output]->write(partition, record);
  }
};

/// A set of independent tasks. A task must write the same bytes each time it runs.
struct Stage {
  std::string name;
  std::size_t tasks;
  std::string inputs;  // fingerprint of what the tasks read, besides the shuffle's config
  std::vector<RecordLayout> outputs;
  std::function<Status(StageTask&)> work;
};

/// Runner of the stages of one job, in a folder of its own. One caller at a time; a stage's work is
/// called from many threads.
class Shuffle {
 public:
  /// Prepares a job. `folder` is relative to the run folder, `config` is the fingerprint of what
  /// all stages depend on, and `memory_bytes` is the budget of all threads together.
  Shuffle(const Workplace& workplace, std::string folder, std::string config,
          std::uint64_t memory_bytes);

  io::FileSystem& files() const { return workplace_.files; }

  const std::string& run_folder() const { return workplace_.run_folder; }

  /// Returns the folder of the stages' files, relative to the run folder.
  const std::string& folder() const { return folder_; }

  /// Runs the tasks of a stage that are not done yet. Errors: those of run_tasks().
  Result<StageResult> run(const Stage& stage) const;

  /// Returns into how many partitions `bytes` of records are split, so that one partition fits into
  /// the memory of a task. Does not depend on the number of threads.
  std::size_t partitions_for(std::uint64_t bytes) const;

  /// Opens the records of a partition, in the order of the tasks that wrote them.
  RecordReader read(const StageOutput& output, std::size_t partition) const;

  /// Opens the records that one task wrote to an output with one partition.
  RecordReader read_task(const StageOutput& output, std::size_t task) const;

  /// Sorts the records of a partition by their bytes. `name` is the name of the reading stage;
  /// spill files are named after it. REQUIRES: records of eight bytes or more.
  Result<std::unique_ptr<SortedRecords>> sorted(const StageOutput& output, std::size_t partition,
                                                std::string_view name) const;

  /// Returns the size of all files that the stages have written.
  Result<std::uint64_t> scratch_bytes() const;

  /// Removes these files.
  Status remove_scratch() const;

 private:
  std::string in_run(const std::string& path) const;
  Task task_of(const Stage& stage, std::size_t number) const;
  Result<TaskResult> work(const Stage& stage, std::size_t number) const;

  Workplace workplace_;
  std::string folder_;
  std::string config_;
  std::uint64_t memory_bytes_;
};

}  // namespace aludel::exec
