#include "aludel/exec/tasks.h"

#include <atomic>
#include <new>
#include <optional>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/hash.h"
#include "aludel/base/stop.h"

namespace aludel::exec {
namespace {

bool outputs_are_there(const Workplace& workplace, const ManifestRow& row) {
  for (const OutputFile& expected : row.outputs) {
    const auto info = workplace.files.info(io::join_path(workplace.run_folder, expected.path));
    if (!info || info.value().size_bytes != expected.size_bytes) return false;
    const auto found = describe_output(workplace.files, workplace.run_folder, expected.path);
    if (!found || found.value().xxh128 != expected.xxh128) return false;
  }
  return true;
}

/// Runs the work of a task. This is the task boundary: a bug becomes the error of this task.
Result<TaskResult> guarded(const Task& task) {
  try {
    return task.work();
  } catch (const CheckFailure& bug) {
    return Error{Code::unsupported, fmt::format("a bug, please report it: {}", bug.what())};
  } catch (const std::bad_alloc&) {
    return Error{Code::resource_exhausted, "out of memory"};
  }
}

Result<ManifestRow> run_task(const Workplace& workplace, const Task& task) {
  const std::string key = task_key(task);
  if (auto done = workplace.manifest.find(key)) {
    if (outputs_are_there(workplace, *done)) return std::move(*done);
  }
  auto result = guarded(task);
  if (!result) {
    return std::move(result).error().with_context(fmt::format("{} {}", task.stage, task.input));
  }
  ManifestRow row{.key = key,
                  .stage = task.stage,
                  .input = task.input,
                  .begin = task.begin,
                  .end = task.end,
                  .config = task.config,
                  .outputs = {},
                  .counts = std::move(result.value().counts)};
  for (const std::string& path : result.value().outputs) {
    row.outputs.push_back(ALUDEL_TRY(describe_output(workplace.files, workplace.run_folder, path)));
  }
  ALUDEL_TRY(workplace.manifest.append(row));
  return row;
}

}  // namespace

std::string task_key(const Task& task) {
  const std::string separator(1, '\0');
  return hash128(task.stage + separator + task.input + separator + std::to_string(task.begin) +
                 separator + std::to_string(task.end) + separator + task.config)
      .hex();
}

Result<std::vector<ManifestRow>> run_tasks(const Workplace& workplace, std::span<const Task> tasks,
                                           const std::function<void(const Task&)>& on_done) {
  std::vector<std::optional<Result<ManifestRow>>> results(tasks.size());
  std::atomic<bool> failed = false;
  workplace.threads.parallel_for(tasks.size(), [&](std::size_t i) {
    if (failed || stop_requested()) return;
    results[i] = run_task(workplace, tasks[i]);
    if (!*results[i]) {
      failed = true;
    } else if (on_done) {
      on_done(tasks[i]);
    }
  });
  std::vector<ManifestRow> rows;
  bool cancelled = false;
  std::string why = "stopped";
  for (auto& result : results) {
    if (result && *result) {
      rows.push_back(std::move(*result).value());
    } else if (result && result->error().code != Code::cancelled) {
      return std::move(*result).error();
    } else {
      cancelled = true;  // a failure further on is returned instead: it stopped this task
      if (result && why == "stopped") why = result->error().message;
    }
  }
  if (cancelled) {
    return Error{Code::cancelled, fmt::format("[exec] {}; the run can be resumed", why)};
  }
  return rows;
}

}  // namespace aludel::exec
