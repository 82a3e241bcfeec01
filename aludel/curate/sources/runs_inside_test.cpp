// Tests that a run folder inside an input folder is not input.
#include "aludel/curate/sources/runs_inside.h"

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

class RunsInside : public CurateRun {
 protected:
  void SetUp() override {
    write("in/a.jsonl", jsonl(0, 20));
    write("in/deep/b.jsonl", jsonl(20, 5));
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"in\"\npath = \"in\"\n";
  }
};

TEST_F(RunsInside, AreNotReadByThemselvesOrByTheNextRun) {
  EXPECT_EQ(run("in/run").value().documents_in, 25U);
  EXPECT_TRUE(run("in/run").value().was_done_before) << "its own files are no new input";
  EXPECT_EQ(run("in/deep/other").value().documents_in, 25U);
  EXPECT_EQ(run("outside").value().documents_in, 25U);
}

TEST_F(RunsInside, AreReadWhereASourceNamesTheirDocuments) {
  ASSERT_TRUE(run("in/run"));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"in\"\npath = \"in/run/kept\"\n";
  EXPECT_EQ(run("again").value().documents_in, 25U);
}

TEST_F(RunsInside, AreNotSuspectedOfEveryManifest) {
  write("in/manifest.jsonl", jsonl(100, 3));
  EXPECT_EQ(run("out").value().documents_in, 28U);
}

TEST_F(RunsInside, AreNamedWhereASourceIsARunItself) {
  ASSERT_TRUE(run("in/run"));
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"in\"\npath = \"in/run\"\n";
  const auto nothing = run("again");
  ASSERT_FALSE(nothing);
  EXPECT_NE(nothing.error().message.find("source 'in'"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
