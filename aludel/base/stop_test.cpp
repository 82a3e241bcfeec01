#include "aludel/base/stop.h"

#include <cerrno>
#include <csignal>
#include <thread>

#include "tests/ask_to_stop.h"
#include <gtest/gtest.h>

namespace aludel {
namespace {

bool is_blocked(int signal) {
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  return sigismember(&blocked, signal) == 1;
}

// A handler's frame on the stack of a matrix product corrupted the heap.
TEST(Stop, InterruptsNoThreadThatComputes) {
  catch_stop_signals();
  EXPECT_TRUE(is_blocked(SIGTERM) && is_blocked(SIGINT));
  std::thread([] { EXPECT_TRUE(is_blocked(SIGTERM) && is_blocked(SIGINT)); }).join();
  ask_to_stop();
  EXPECT_TRUE(stop_requested());
  catch_stop_signals();
  EXPECT_FALSE(stop_requested()) << "it forgets";
  std::thread([] {
    unblock_stop_signals();
    EXPECT_FALSE(is_blocked(SIGTERM) || is_blocked(SIGINT));
  }).join();
}

// The program died of it and left its scratch behind.
TEST(Stop, IsAskedForByAPipeWithoutAReader) {
  catch_stop_signals();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
  EXPECT_TRUE(stop_requested());
  EXPECT_TRUE(pipe_was_closed());
  catch_stop_signals();
  EXPECT_FALSE(stop_requested() || pipe_was_closed());
  ask_to_stop();
  EXPECT_FALSE(pipe_was_closed());
  catch_stop_signals();
}

}  // namespace
}  // namespace aludel
