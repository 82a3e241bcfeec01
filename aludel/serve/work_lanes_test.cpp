#include "aludel/serve/work_lanes.h"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

#include "aludel/base/check.h"

namespace aludel::serve {
namespace {

LaneTask task_of(std::function<void()> run) {
  return {.run = std::move(run), .abandoned = [] { return false; }};
}

TEST(WorkLanes, RunShortTasksWhileALongOneTakesItsTime) {
  WorkLanes lanes;
  std::promise<void> finish;
  std::promise<void> finished;
  ASSERT_TRUE(lanes.submit(8 << 20, task_of([&] {
                             finish.get_future().wait();
                             finished.set_value();
                           })));
  for (int i = 0; i < 3; ++i) {
    std::promise<void> done;
    ASSERT_TRUE(lanes.submit(100, task_of([&] { done.set_value(); })));
    done.get_future().wait();
  }
  finish.set_value();
  finished.get_future().wait();
}

TEST(WorkLane, RefusesWhatIsTooMuchUntilThoseThatLeftMakePlace) {
  WorkLane lane(2);
  std::promise<void> finish;
  std::promise<void> started;
  ASSERT_TRUE(lane.submit(task_of([&] {
    started.set_value();
    finish.get_future().wait();
  })));
  started.get_future().wait();
  std::atomic<bool> left = false;
  std::atomic<int> ran = 0;
  const auto leaving = [&] {
    return LaneTask{.run = [&] { ++ran; }, .abandoned = [&] { return left.load(); }};
  };
  ASSERT_TRUE(lane.submit(leaving()));
  ASSERT_TRUE(lane.submit(leaving()));
  EXPECT_FALSE(lane.submit(leaving()));
  left = true;
  std::promise<void> last;
  ASSERT_TRUE(lane.submit(task_of([&] { last.set_value(); })));
  finish.set_value();
  last.get_future().wait();
  EXPECT_EQ(ran, 0);
}

TEST(WorkLane, GoesOnBehindABug) {
  WorkLane lane(2);
  ASSERT_TRUE(lane.submit(task_of([] { ALUDEL_CHECK(false, "always"); })));
  std::promise<void> done;
  ASSERT_TRUE(lane.submit(task_of([&] { done.set_value(); })));
  done.get_future().wait();
}

TEST(WorkLane, RunsWhatWaitsBeforeItStops) {
  WorkLane lane(2);
  std::promise<void> started;
  std::promise<void> finish;
  std::atomic<bool> ran = false;
  ASSERT_TRUE(lane.submit(task_of([&] {
    started.set_value();
    finish.get_future().wait();
  })));
  started.get_future().wait();
  ASSERT_TRUE(lane.submit(task_of([&] { ran = true; })));
  std::thread stopper([&] { lane.stop(); });
  finish.set_value();
  stopper.join();
  EXPECT_TRUE(ran) << "a request that waits is answered";
  EXPECT_FALSE(lane.submit(task_of([] {})));
}

}  // namespace
}  // namespace aludel::serve
