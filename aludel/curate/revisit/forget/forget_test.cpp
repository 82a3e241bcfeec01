// Tests that what is forgotten is in no file of the run.
#include "aludel/curate/revisit/forget/forget.h"

#include <algorithm>
#include <csignal>

#include "tests/curate_run.h"
#include "tests/faulty_file_system.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aludel/curate/run/forgotten.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {
namespace {

class Forget : public CurateRun {
 protected:
  void SetUp() override {
    std::string lines;
    for (std::uint64_t i = 0; i < 30; ++i) {
      Json json = Json::object();
      json["id"] = fmt::format("page {}", i);
      json["url"] = fmt::format("https://www.example.org/p/{}/", i);
      json["text"] = i % 10 == 9 ? "Too short " + std::to_string(i) : page(i == 12 ? 11 : i);
      lines += json.dump() + "\n";
    }
    write("open/a.jsonl", lines);
    toml_ = std::string(kLayersOff) +
            "paragraph_dedup = \"off\"\n[[sources]]\nname = \"open\"\npath = \"open\"\n";
    ASSERT_TRUE(run("out"));
    for (const Document& document : documents("out/kept")) {
      for (const std::string number : {"11", "12"}) {
        if (document.url != "https://www.example.org/p/" + number + "/") continue;
        twin_ = document.id;
        twin_number_ = number;
      }
      if (document.url == "https://www.example.org/p/3/") third_ = document.id;
    }
    // An id, a URL in another form, the id of a record, a reject, and a name that no document has.
    write("list.txt", third_ + "\n# a comment\n\nhttp://example.org/p/" + twin_number_ +
                          "\npage 20\npage 19\nnone\n");
  }

  Result<ForgetSummary> forget_in(const std::string& out, io::FileSystem& files, int workers = 2) {
    Threads threads(workers);
    ForgetOptions options;
    options.run = folder_ / out;
    options.list = folder_ / "list.txt";
    return forget(files, threads, options);
  }

  /// Returns all bytes of a run, decompressed.
  std::string everything(const std::string& out) {
    std::string all;
    for (const io::FileInfo& file : files_.list(folder_ / out).value()) {
      const auto reader = io::open_decompressed(files_, file.path).value();
      all += io::read_all(*reader, std::uint64_t{1} << 30).value();
    }
    return all;
  }

  std::string twin_number_;
  std::string twin_;  // the kept document of which another was dropped as a copy
  std::string third_;
};

TEST_F(Forget, NamesTheLinesThatMatchedNothing) {
  write("list.txt", third_ + "\nhttps://example.org/p/404\npage 20\npage 20000\n");
  const auto summary = forget_in("out", files_);
  ASSERT_TRUE(summary) << summary.error().message;
  const std::vector<std::string> expected = {"https://example.org/p/404", "page 20000"};
  EXPECT_EQ(summary.value().unmatched, expected);
  write("list.txt", "nothing of this\n");
  EXPECT_EQ(forget_in("out", files_).value().unmatched.size(), 1U);
}

TEST_F(Forget, LeavesNothingInAnyFileAndProvesIt) {
  ASSERT_FALSE(twin_.empty());
  const std::string before = everything("out");
  EXPECT_NE(before.find("page 19"), std::string::npos);
  const auto summary = forget_in("out", files_);
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary.value().requested, 5U);
  EXPECT_EQ(summary.value().kept, 3U);
  EXPECT_EQ(summary.value().rejects, 1U);
  const std::string after = everything("out");
  // The quote ends the id; it is escaped if annotations are stored as text.
  EXPECT_EQ(after.find("page 3\""), std::string::npos);
  EXPECT_EQ(after.find("page " + twin_number_ + "\""), std::string::npos);
  const std::vector<std::string> all_gone = {"page 3\\\"",
                                             "page 19",
                                             "page 20",
                                             "page " + twin_number_ + "\\\"",
                                             "/p/3/",
                                             "/p/" + twin_number_ + "/",
                                             "Too short 19",
                                             third_,
                                             twin_,
                                             page(3).substr(0, 60),
                                             page(20).substr(0, 60)};
  for (const std::string& gone : all_gone) {
    EXPECT_NE((before + "Too short 19").find(gone), std::string::npos) << gone;
    EXPECT_EQ(after.find(gone), std::string::npos) << gone;
  }
  EXPECT_NE(after.find(forgotten_name(twin_)), std::string::npos) << "the copy that stayed";
  const Json ledger = this->ledger("out");
  EXPECT_TRUE(check_ledger(ledger));
  EXPECT_EQ(row("out", "open", "forget").find("dropped")->dump(), R"({"forgotten":3})");
  EXPECT_EQ(documents("out/kept").size(),
            static_cast<std::size_t>(
                ledger.find("sources")->find("open")->find("out")->integer_or("documents", 0)));
  const Json& proof = ledger.find("forgotten")->as_array()[0];
  EXPECT_EQ(proof.find("requested_xxh128")->as_array().size(), 5U);
  bool names_list = false;
  for (const Json& hash : proof.find("requested_xxh128")->as_array()) {
    names_list = names_list || hash.as_string() == forgotten_hash("page 20");
  }
  EXPECT_TRUE(names_list);
  EXPECT_GE(proof.find("files")->as_array().size(), 3U);
}

TEST_F(Forget, StaysDoneAndDoesNotReadThemAgain) {
  ASSERT_TRUE(forget_in("out", files_));
  EXPECT_TRUE(run("out").value().was_done_before);
  toml_ += "[layers.metrics]\nmin_words = 51\n";
  const auto again = run("out", 2, io::Existing::replace);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_FALSE(again.value().was_done_before);
  EXPECT_EQ(row("out", "open", "read").find("dropped")->integer_or("forgotten", 0), 4);
  EXPECT_EQ(everything("out").find("/p/3/"), std::string::npos);
}

TEST_F(Forget, IsDoneOnceAndTwiceIsNoHarm) {
  ASSERT_TRUE(forget_in("out", files_));
  const auto first = content("out");
  const auto again = forget_in("out", files_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again.value().kept + again.value().rejects, 0U);
  EXPECT_EQ(content("out"), first);
}

TEST_F(Forget, LeavesTheSameBytesForAnyNumberOfWorkers) {
  ASSERT_TRUE(run("one"));
  ASSERT_TRUE(run("seven"));
  ASSERT_TRUE(forget_in("one", files_, 1));
  ASSERT_TRUE(forget_in("seven", files_, 7));
  EXPECT_EQ(content("one"), content("seven"));
}

TEST_F(Forget, AsksForTokenShardsThatWereMade) {
  ASSERT_TRUE(add_tokens(files_, folder_ / "out", {{"open", 7000}}));
  const auto refused = forget_in("out", files_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("--tokens"), std::string::npos);
}

TEST_F(Forget, LeavesTheOldRunOrTheNewOneWhereverTheDiskFails) {
  ASSERT_TRUE(run("model"));
  ASSERT_TRUE(forget_in("model", files_));
  const auto done = content("model");
  const auto old = content("out");
  bool struck = true;
  int broken_between = 0;
  for (std::uint64_t operation = 1; struck; operation += 5) {
    ASSERT_LT(operation, 3000U);
    const std::string out = "out";
    FaultyFileSystem faulty(files_);
    faulty.fail_at(operation, Code::io_error, true);
    const auto result = forget_in(out, faulty);
    struck = faulty.operations() >= operation;
    const bool has_journal = files_.info(folder_ / (out + "/forget.json")).has_value();
    if (!result && !has_journal) {
      auto now = content(out);
      std::erase_if(now, [](const auto& file) { return file.first.starts_with("work/"); });
      EXPECT_TRUE(now == old || now == done) << operation;
    }
    if (has_journal) {
      ++broken_between;
      EXPECT_FALSE(run(out)) << "a run with an open journal is not curated again";
    }
    ASSERT_TRUE(forget_in(out, files_)) << operation;
    EXPECT_EQ(content(out), done) << operation;
    ASSERT_TRUE(files_.remove(folder_ / out));
    ASSERT_TRUE(run(out));
  }
  EXPECT_GT(broken_between, 3);
}

class ForgetKills : public Forget {
 protected:
  void expect_to_survive(int wanted_kills);
};

class ForgetKillsSlow : public ForgetKills {};

void ForgetKills::expect_to_survive(int wanted_kills) {
  ASSERT_TRUE(run("model"));
  const double started = now_seconds();
  ASSERT_TRUE(forget_in("model", files_));
  const double whole_seconds = now_seconds() - started;
  const auto done = content("model");
  int kills = 0;
  for (std::uint64_t attempt = 0; kills < wanted_kills; ++attempt) {
    ASSERT_LT(attempt, 200U) << "it is over before it can be killed";
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(forget_in("out", files_));
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(Rng(4, attempt).uniform() * whole_seconds * 1e6));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) ++kills;
    ASSERT_TRUE(forget_in("out", files_));
    auto now = content("out");
    std::erase_if(now, [](const auto& file) { return file.first.starts_with("work/"); });
    EXPECT_EQ(now, done) << attempt;
    ASSERT_TRUE(files_.remove(folder_ / "out"));
    ASSERT_TRUE(run("out"));
  }
}

TEST_F(ForgetKills, EndsWhatAFewKillsInterrupted) {
  expect_to_survive(2);
}

TEST_F(ForgetKillsSlow, EndsWhatAKillInterruptedAtAnyMoment) {
  expect_to_survive(20);
}

}  // namespace
}  // namespace aludel::curate
