// Runs over the first documents, or over a sample of all.
#include "aludel/curate/run/pick.h"

#include <algorithm>
#include <set>

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

class PickedRun : public CurateRun {
 protected:
  void SetUp() override {
    write("a/one.jsonl", jsonl(0, 1200));
    write("a/two.jsonl.gz", io::compress_gzip(jsonl(1200, 40)));
    write("b/three.jsonl", jsonl(2000, 300) + "{bad\n");
    toml_ = std::string(kLayersOff) +
            "[[sources]]\nname = \"a\"\npath = \"a\"\n[[sources]]\nname = \"b\"\npath = \"b\"\n";
  }

  std::multiset<std::string> given_ids(const std::string& out) {
    std::multiset<std::string> ids;
    for (const char* part : {"/kept", "/rejects"}) {
      for (const Document& document : documents(out + part)) {
        if (document.rejected_by == "read") continue;
        ids.insert(document.annotations.find("read")->string_or("id", ""));
      }
    }
    return ids;
  }
};

TEST_F(PickedRun, ReadsTheFirstDocumentsOverAllSources) {
  for (const std::size_t limit : {1U, 7U, 1240U, 1300U}) {
    toml_ = fmt::format("limit = {}\n", limit) + toml_;
    const std::string out = fmt::format("out{}", limit);
    const auto summary = run(out);
    ASSERT_TRUE(summary) << summary.error().message;
    EXPECT_EQ(summary.value().documents_in, limit);
    const auto ids = given_ids(out);
    EXPECT_EQ(ids.size(), limit);
    EXPECT_TRUE(ids.contains("page 0"));
    EXPECT_EQ(ids.contains("page 2000"), limit > 1240);
    toml_ = toml_.substr(toml_.find('\n') + 1);
  }
}

TEST_F(PickedRun, CountsWhatCouldNotBeReadBeforeTheLimit) {
  std::string broken;
  for (int i = 0; i < 12; ++i) {
    broken += "{bad\n";
  }
  write("c/half.jsonl", broken + jsonl(0, 60));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"c\"\npath = \"c\"\n";
  for (const std::string limit : {"limit = 40\nmax_failures = 0.5\n", "limit = 40\n"}) {
    const std::string rest = std::exchange(toml_, limit + toml_);
    const bool may_fail_half = limit.find("max_failures") != std::string::npos;
    EXPECT_EQ(run(may_fail_half ? "out" : "refused").has_value(), may_fail_half)
        << "the share of broken records counts here too";
    toml_ = rest;
  }
  EXPECT_EQ(row("out", "c", "read").find("dropped")->integer_or("bad_json", 0), 12);
}

TEST_F(PickedRun, TakesAllWhereTheLimitIsBeyondTheEnd) {
  ASSERT_TRUE(run("all"));
  toml_ = "limit = 100000\n" + toml_;
  ASSERT_TRUE(run("out"));
  EXPECT_EQ(documents("out/kept").size(), documents("all/kept").size());
}

TEST_F(PickedRun, DrawsTheSameSampleForAnyNumberOfThreadsAndCountsTheRest) {
  toml_ = "sample = 100\n" + toml_;
  ASSERT_TRUE(run("one", 1));
  ASSERT_TRUE(run("many", 6));
  EXPECT_EQ(content("one"), content("many"));
  EXPECT_EQ(given_ids("one").size(), 100U);
  const Json all = ledger("one");
  EXPECT_TRUE(check_ledger(all));
  EXPECT_EQ(row("one", "a", "read").find("dropped")->integer_or("not_sampled", 0) +
                row("one", "b", "read").find("dropped")->integer_or("not_sampled", 0),
            1540 - 100);
  EXPECT_GT(row("one", "b", "read").integer_or("kept", 0), 0) << "out of all sources";
}

TEST_F(PickedRun, DrawsAnotherSampleWithAnotherSeed) {
  toml_ = "sample = 50\n" + toml_;
  ASSERT_TRUE(run("zero"));
  toml_ = "seed = 9\n" + toml_;
  ASSERT_TRUE(run("nine"));
  EXPECT_EQ(given_ids("zero").size(), 50U);
  EXPECT_EQ(given_ids("nine").size(), 50U);
  EXPECT_NE(given_ids("zero"), given_ids("nine"));
}

TEST_F(PickedRun, TakesAllWhereTheSampleIsLargerThanTheSources) {
  toml_ = "sample = 5000\n" + toml_;
  EXPECT_EQ(run("out").value().documents_in, 1541U);
}

TEST_F(PickedRun, RefusesALimitAndASampleAtOnceAndNegativeOnes) {
  for (const char* wrong : {"limit = -1\n", "sample = -5\n", "limit = 2\nsample = 2\n"}) {
    EXPECT_FALSE(read_curate_config(wrong + toml_, "t.toml", {})) << wrong;
  }
}

}  // namespace
}  // namespace aludel::curate
