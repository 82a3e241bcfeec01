#include "aludel/exec/tasks.h"

#include <atomic>

#include "tests/ask_to_stop.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/check.h"

namespace aludel::exec {
namespace {

class Tasks : public testing::Test {
 protected:
  /// A task that writes its number into a file.
  Task writing(int number) {
    Task task;
    task.stage = "write";
    task.input = std::to_string(number);
    task.work = [this, number]() -> Result<TaskResult> {
      ++runs_;
      TaskResult result;
      result.outputs.push_back(std::to_string(number));
      result.counts["number"] = number;
      ALUDEL_TRY(io::write_file(files_, folder_ / result.outputs[0], "n" + result.outputs[0]));
      return result;
    };
    return task;
  }

  std::vector<Task> writing_all(int count) {
    std::vector<Task> tasks;
    tasks.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      tasks.push_back(writing(i));
    }
    return tasks;
  }

  Result<std::vector<ManifestRow>> run(std::span<const Task> tasks, int workers = 2) {
    Threads threads(workers);
    const auto manifest = ALUDEL_TRY(Manifest::open(files_, folder_ / "manifest.jsonl"));
    return run_tasks({files_, threads, *manifest, folder_.path()}, tasks, nullptr);
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
  std::atomic<int> runs_ = 0;
};

TEST_F(Tasks, LeaveRowsInTheirOrderForAnyNumberOfWorkers) {
  for (const int workers : {1, 2, 7}) {
    const auto rows = run(writing_all(20), workers).value();
    ASSERT_EQ(rows.size(), 20U);
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(rows[static_cast<std::size_t>(i)].counts.integer_or("number", -1), i);
    }
  }
  EXPECT_EQ(runs_, 20) << "the later runs found everything done";
}

TEST_F(Tasks, AreDoneAgainWhereAnOutputIsMissingOrDamaged) {
  const auto tasks = writing_all(5);
  ASSERT_TRUE(run(tasks));
  ASSERT_TRUE(files_.remove(folder_ / "1"));
  ASSERT_TRUE(io::write_file(files_, folder_ / "3", "xx"));  // the same size, other bytes
  ASSERT_TRUE(run(tasks));
  EXPECT_EQ(runs_, 7);
  EXPECT_EQ(io::read_file(files_, folder_ / "3").value(), "n3");
}

TEST_F(Tasks, AreDoneAgainWhenTheirConfigChanges) {
  auto tasks = writing_all(1);
  ASSERT_TRUE(run(tasks));
  tasks[0].config = "other";
  ASSERT_TRUE(run(tasks));
  EXPECT_EQ(runs_, 2);
}

TEST_F(Tasks, ReportTheFirstFailureWithItsInputAndKeepWhatWasDone) {
  auto tasks = writing_all(3);
  tasks[1].work = []() -> Result<TaskResult> { return Error{Code::io_error, "disk on fire"}; };
  const auto rows = run(tasks, 1);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().message, "write 1: disk on fire");
  EXPECT_EQ(runs_, 1);
  tasks = writing_all(3);
  ASSERT_TRUE(run(tasks));
  EXPECT_EQ(runs_, 3);
}

TEST_F(Tasks, TurnABugIntoAnError) {
  auto tasks = writing_all(1);
  tasks[0].work = []() -> Result<TaskResult> {
    ALUDEL_CHECK(false, "never true");
    return TaskResult{};
  };
  const auto rows = run(tasks);
  ASSERT_FALSE(rows);
  EXPECT_NE(rows.error().message.find("never true"), std::string::npos);
}

TEST_F(Tasks, StopBetweenTwoTasksAndResume) {
  catch_stop_signals();
  auto tasks = writing_all(4);
  const auto second = tasks[1].work;
  tasks[1].work = [second] {
    ask_to_stop();
    return second();
  };
  const auto rows = run(tasks, 1);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, Code::cancelled);
  EXPECT_EQ(runs_, 2);
  catch_stop_signals();  // forgets the request
  ASSERT_TRUE(run(writing_all(4), 1));
  EXPECT_EQ(runs_, 4);
}

}  // namespace
}  // namespace aludel::exec
