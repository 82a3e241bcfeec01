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

// Work on more keys than memory holds: stages of tasks that hand records on through partitioned
// files. A task reads its part of what stages before left, sorts it where it must, and writes one
// file for each output; a stage is done when all its tasks are in the manifest (map, shuffle and
// reduce: Dean & Ghemawat 2004).
namespace aludel::exec {

/// One output of a stage: a file of each task, in the tasks' order.
struct StageOutput {
  RecordLayout layout;
  std::vector<std::string> paths;
  std::uint64_t size_bytes = 0;  // of all files
};

struct StageResult {
  std::vector<StageOutput> outputs;
  std::vector<Json> counts;  // by task
  std::string fingerprint;   // of all bytes that it left
};

/// One task of a stage at work.
struct StageTask {
  std::size_t number;
  std::vector<std::unique_ptr<RecordWriter>> out;  // by output; committed when the work is done
  std::vector<std::string> files = {};  // further ones, committed, from the run folder on
  Json counts = Json::object();

  Status write(std::size_t output, std::size_t partition, std::string_view record) {
    return out[output]->write(partition, record);
  }
};

/// `tasks` tasks that do not know of each other and leave the same bytes however often they run.
struct Stage {
  std::string name;
  std::size_t tasks;
  std::string inputs;  // fingerprint of what they read, besides the shuffle's own config
  std::vector<RecordLayout> outputs;
  std::function<Status(StageTask&)> work;
};

/// The stages of one job, in a folder of their own. One caller at a time; a stage's work is called
/// from many threads.
class Shuffle {
 public:
  /// `folder` is relative to the run folder, `config` the fingerprint of what all stages depend on;
  /// `memory_bytes` is for all threads together.
  Shuffle(const Workplace& workplace, std::string folder, std::string config,
          std::uint64_t memory_bytes);

  io::FileSystem& files() const { return workplace_.files; }

  const std::string& run_folder() const { return workplace_.run_folder; }

  /// Where the stages leave what they make, from the run folder on.
  const std::string& folder() const { return folder_; }

  /// Runs what is not done yet of a stage. Errors: those of run_tasks().
  Result<StageResult> run(const Stage& stage) const;

  /// How many partitions `bytes` of records are cut into, so that one of them fits into a task's
  /// memory; the same for any number of threads.
  std::size_t partitions_for(std::uint64_t bytes) const;

  /// The records of a partition, in the order of the tasks that wrote them.
  RecordReader read(const StageOutput& output, std::size_t partition) const;

  /// The records of an output without partitions that one task wrote.
  RecordReader read_task(const StageOutput& output, std::size_t task) const;

  /// The records of a partition in the order of their bytes. `name` is that of the stage that reads
  /// them.
  Result<std::unique_ptr<SortedRecords>> sorted(const StageOutput& output, std::size_t partition,
                                                std::string_view name) const;

  /// Bytes of what the stages left.
  Result<std::uint64_t> scratch_bytes() const;

  /// Removes what the stages left.
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
