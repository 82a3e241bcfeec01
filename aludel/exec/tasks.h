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

/// What a task leaves: files it has committed (paths relative to the run folder), and numbers.
struct TaskResult {
  std::vector<std::string> outputs;
  Json counts = Json::object();
};

/// A byte range of an input through a stage. Two tasks with the same stage, input, range and config
/// must leave the same bytes.
struct Task {
  std::string stage;
  std::string input;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string config;  // fingerprint of everything else that the outputs depend on
  /// Long work looks at stop_requested() between two items and returns Code::cancelled.
  std::function<Result<TaskResult>()> work;
};

/// 32 hexadecimal digits of stage, input, range and config.
std::string task_key(const Task& task);

/// Where a run's tasks do their work; all outlive it.
struct Workplace {
  io::FileSystem& files;
  Threads& threads;
  Manifest& manifest;
  std::string run_folder;
};

/// Runs the tasks of one stage over the threads and returns their rows in the tasks' order. A task
/// whose row is in the manifest and whose outputs are still there, with the same size and xxh128,
/// is skipped. After a failure or a stop no further task starts; those that run are waited for.
/// A stage of one task runs on the caller's thread, and its work may use the threads itself.
/// `on_done` is called from any thread, once per task.
/// Errors: that of the first failed task in order, with its input; a CheckFailure in a task becomes
/// one, too; cancelled when a stop was asked for (the run resumes from its manifest).
Result<std::vector<ManifestRow>> run_tasks(const Workplace& workplace, std::span<const Task> tasks,
                                           const std::function<void(const Task&)>& on_done);

}  // namespace aludel::exec
