// A run of curate that is killed, or whose disk fails, goes on to the same bytes.
#include <csignal>

#include "tests/curate_run.h"
#include "tests/faulty_file_system.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aludel::curate {
namespace {

class CurateResumeSlow : public CurateRun {};

TEST_F(CurateResumeSlow, LeavesTheSameBytesAfterTenKills) {
  write_sources();
  write("open/e.jsonl", jsonl(1000, 3000));
  const double started = now_seconds();
  ASSERT_TRUE(run("whole"));
  const double whole_seconds = now_seconds() - started;
  int kills = 0;
  for (std::uint64_t attempt = 0; kills < 10; ++attempt) {
    ASSERT_LT(attempt, 200U) << "the run is over before it can be killed";
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(run("killed"));
      ::_exit(0);
    }
    const double wait = Rng(3, attempt).uniform() * whole_seconds / 3 + 0.01;
    ::usleep(static_cast<useconds_t>(wait * 1e6));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
      ++kills;
    } else {
      ASSERT_TRUE(files_.remove(folder_ / "killed"));
    }
  }
  ASSERT_TRUE(run("killed"));
  EXPECT_EQ(content("whole"), content("killed"));
}

TEST_F(CurateResumeSlow, FailsCleanlyAtEveryFileOperationAndGoesOn) {
  write("open/a.jsonl", jsonl(0, 3) + "{bad\n" + jsonl(1, 1));
  toml_ = std::string(kLayersOff) +
          "paragraph_dedup = \"off\"\nminhash_dedup = \"off\"\n"
          "[[sources]]\nname = \"open\"\npath = \"open\"\n";
  ASSERT_TRUE(run("whole"));
  const auto expected = content("whole");
  bool struck = true;
  for (std::uint64_t operation = 1; struck; ++operation) {
    ASSERT_LT(operation, 2000U);
    FaultyFileSystem faulty(files_);
    faulty.fail_at(operation);
    Threads threads(1);
    const std::string out = fmt::format("out{}", operation);
    const auto result = curate(faulty, threads, config(out));
    struck = faulty.operations() >= operation;
    if (result && unread_of_ledger(ledger(out)).reasons().contains("cannot_read")) {
      ASSERT_TRUE(files_.remove(folder_ / out));  // it struck the source, which is counted
      continue;
    }
    if (result) {  // the fault struck where an absent file is no error, or not at all
      EXPECT_EQ(content(out), expected) << operation;
    } else {
      EXPECT_FALSE(result.error().message.empty());
    }
    ASSERT_TRUE(run(out)) << operation << ": " << run(out).error().message;
    ASSERT_EQ(content(out), expected) << operation;
    ASSERT_TRUE(files_.remove(folder_ / out));
  }
}

}  // namespace
}  // namespace aludel::curate
