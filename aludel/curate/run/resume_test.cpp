// A run of curate that is killed, or whose disk fails, goes on to the same bytes.
#include "tests/curate_run.h"
#include "tests/faulty_file_system.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace aludel::curate {
namespace {

/// The fast suite runs these checks at a few places, the slow one at all or at more.
class CurateResume : public CurateRun {
 protected:
  Result<CurateSummary> run_on(io::FileSystem& files, const std::string& out, int workers) {
    Threads threads(workers);
    return curate(files, threads, config(out));
  }

  /// Kills a run with two workers `kills` times, each time after about an equal share of the
  /// operations of a whole run, so that the kills reach from its start to its end.
  void expect_same_bytes_after_kills(int kills, std::uint64_t pages) {
    write_sources();
    write("open/e.jsonl", jsonl(1000, pages));
    FaultyFileSystem counted(files_);
    ASSERT_TRUE(run_on(counted, "whole", 2));
    const double share = static_cast<double>(counted.operations()) / (kills + 1);
    for (std::uint64_t attempt = 0; kills > 0; ++attempt) {
      ASSERT_LT(attempt, 200U) << "the run is over before it can be killed";
      const pid_t child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        FaultyFileSystem deadly(files_);
        deadly.kill_at(static_cast<std::uint64_t>((Rng(3, attempt).uniform() + 0.5) * share) + 1);
        static_cast<void>(run_on(deadly, "killed", 2));
        ::_exit(0);
      }
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      if (WIFSIGNALED(status)) {
        --kills;
      } else {
        ASSERT_TRUE(files_.remove(folder_ / "killed"));
      }
    }
    ASSERT_TRUE(run("killed"));
    EXPECT_EQ(content("whole"), content("killed"));
  }

  /// Lets single operations fail, one in each run: at most `most_of_each_kind` of each kind.
  void expect_clean_failures(std::size_t most_of_each_kind) {
    write("open/a.jsonl", jsonl(0, 3) + "{bad\n" + jsonl(1, 1));
    toml_ = std::string(kLayersOff) +
            "paragraph_dedup = \"off\"\nminhash_dedup = \"off\"\n"
            "[[sources]]\nname = \"open\"\npath = \"open\"\n";
    FaultyFileSystem faulty(files_);
    ASSERT_TRUE(run_on(faulty, "whole", 1));
    const auto expected = content("whole");
    for (const std::uint64_t operation : faulty.spread(most_of_each_kind)) {
      faulty.fail_at(operation);
      const std::string out = fmt::format("out{}", operation);
      const auto result = run_on(faulty, out, 1);
      ASSERT_TRUE(faulty.has_struck()) << operation;
      if (result && unread_of_ledger(ledger(out)).reasons().contains("cannot_read")) {
        ASSERT_TRUE(files_.remove(folder_ / out));  // the fault struck a source, and was counted
        continue;
      }
      if (result) {  // the fault struck where an absent file is no error
        EXPECT_EQ(content(out), expected) << operation;
      } else {
        EXPECT_NE(result.error().message.find(folder_.path()), std::string::npos)
            << operation << ": " << result.error().message;
      }
      const auto again = run(out);
      ASSERT_TRUE(again) << operation << ": " << again.error().message;
      ASSERT_EQ(content(out), expected) << operation;
      ASSERT_TRUE(files_.remove(folder_ / out));
    }
  }
};

class CurateResumeSlow : public CurateResume {};

TEST_F(CurateResume, LeavesTheSameBytesAfterThreeKills) {
  expect_same_bytes_after_kills(3, 1200);
}

TEST_F(CurateResumeSlow, LeavesTheSameBytesAfterTenKills) {
  expect_same_bytes_after_kills(10, 3000);
}

TEST_F(CurateResume, FailsCleanlyAtFileOperationsOfEachKindAndGoesOn) {
  expect_clean_failures(3);
}

TEST_F(CurateResumeSlow, FailsCleanlyAtEveryFileOperationAndGoesOn) {
  expect_clean_failures(FaultyFileSystem::kAll);
}

}  // namespace
}  // namespace aludel::curate
