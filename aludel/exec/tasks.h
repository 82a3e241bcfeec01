#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/base/threads.h"
#include "aludel/exec/manifest.h"
#include "aludel/io/file_system.h"

namespace aludel::exec {

/// The result of a task: the files that it has committed (paths relative to the run folder), and
/// numbers.
struct TaskResult {
  std::vector<std::string> outputs;
  Json counts = Json::object();
};

/// One piece of a stage's work, on a byte range of an input. Two tasks with the same stage, input,
/// range and config must write the same bytes.
struct Task {
  std::string stage;
  std::string input;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string config;  // fingerprint of everything else that the outputs depend on
  /// Does the work. Long work checks stop_requested() between two items and returns Code::cancelled
  /// when a stop was asked for.
  std::function<Result<TaskResult>()> work;
};

/// Returns the task's key in the manifest: a hash of stage, input, range and config as 32
/// hexadecimal digits.
std::string task_key(const Task& task);

/// What the tasks of a run work with. The members must outlive it.
struct Workplace {
  io::FileSystem& files;
  Threads& threads;
  Manifest& manifest;
  std::string run_folder;
};

/// Runs the tasks of one stage on the threads and returns their rows in the tasks' order. Skips a
/// task whose row is in the manifest, if its outputs still exist with the same size and xxh128.
/// After a failure or a stop, starts no further task and waits for the tasks that are running.
/// A stage of one task runs on the caller's thread, and its work may use the threads itself.
/// Calls `on_done` once per task, from any thread.
/// Errors: the error of the first failed task in order, with its input; a CheckFailure in a task
/// becomes such an error; cancelled when a stop was asked for (the run resumes from its manifest).
Result<std::vector<ManifestRow>> run_tasks(const Workplace& workplace, std::span<const Task> tasks,
                                           const std::function<void(const Task&)>& on_done);

}  // namespace aludel::exec
