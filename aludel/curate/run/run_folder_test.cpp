// A finished run is never replaced without a word.
#include "aludel/curate/run/run_folder.h"

#include "tests/ask_to_stop.h"
#include "tests/curate_run.h"
#include <gtest/gtest.h>

#include "aludel/curate/run/stored_run.h"

namespace aludel::curate {
namespace {

TEST(SettingsThatDiffer, AreNamedWithBothValues) {
  const Json before = parse_toml(
                          "seed = 1\n[layers]\ntopic = \"off\"\n[layers.metrics]\nmin_words = 40\n"
                          "[[sources]]\nname = \"a\"\npath = [\"x\"]\n",
                          "t")
                          .value();
  const Json now = parse_toml(
                       "seed = 1\nannotate = true\n[layers.topic]\nmin = 1\n[layers.metrics]\n"
                       "min_words = 60\n[[sources]]\nname = \"a\"\npath = [\"y\"]\n",
                       "t")
                       .value();
  const std::vector<std::string> expected = {
      "annotate nothing -> true", "layers.metrics.min_words 40 -> 60",
      R"(layers.topic "off" -> nothing)", "layers.topic.min nothing -> 1",
      R"(sources.a.path ["x"] -> ["y"])"};
  EXPECT_EQ(settings_that_differ(before, now), expected);
  EXPECT_TRUE(settings_that_differ(now, now).empty());
}

class FinishedRun : public CurateRun {
 protected:
  void SetUp() override {
    write_sources();
    ASSERT_TRUE(run("out"));
    before_ = content("out");
  }

  /// Returns the message of a start that was refused. Checks that the run is as it was.
  std::string refusal(const Result<CurateSummary>& result) {
    EXPECT_FALSE(result);
    EXPECT_EQ(content("out"), before_);
    return result ? "" : result.error().message;
  }

  std::map<std::string, std::string> before_;
};

TEST_F(FinishedRun, IsRefusedToOtherSettingsByName) {
  toml_ += "[layers.metrics]\nmin_words = 60\n";
  const std::string message = refusal(run("out"));
  EXPECT_NE(message.find("holds a finished run of something else: layers.metrics.min_words 50 -> "
                         "60; give another --out, or --overwrite"),
            std::string::npos)
      << message;
  EXPECT_TRUE(run("out", 2, io::Existing::replace));
  EXPECT_TRUE(run("out").value().was_done_before);
}

TEST_F(FinishedRun, IsRefusedToOtherFilesAndToAnAnnotatingRun) {
  Threads threads(2);
  CurateConfig annotate = config("out");
  annotate.annotate = true;
  EXPECT_NE(refusal(curate(files_, threads, annotate)).find("annotate false -> true"),
            std::string::npos);
  write("books/two.txt", page(300));
  EXPECT_NE(refusal(run("out")).find("the files that are read"), std::string::npos);
}

TEST_F(FinishedRun, IsRefusedToASecondRecoveryOfAnotherRule) {
  Threads threads(2);
  const auto stored = StoredRun::open(files_, folder_ / "out").value();
  const auto recover = [&](const std::string& rule) {
    CurateConfig again = config_over_run(stored, "", "t", {}).value();
    again.out = folder_ / "recovered";
    again.recover = {rule};
    return curate(files_, threads, again);
  };
  ASSERT_TRUE(recover("metrics:too_few_words score<100"));
  EXPECT_TRUE(recover("metrics:too_few_words score<100").value().was_done_before);
  const auto second = recover("metrics:too_few_words score<50");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("recover"), std::string::npos) << second.error().message;
  EXPECT_NE(second.error().message.find("score<100"), std::string::npos);
  EXPECT_NE(second.error().message.find("score<50"), std::string::npos);
}

TEST_F(FinishedRun, IsNoFinishedRunAnyMoreOnceItsReplacementHasBegun) {
  toml_ += "[layers.metrics]\nmin_words = 60\n";
  write("out/report/command.json", "{}");
  catch_stop_signals();
  ask_to_stop();
  EXPECT_FALSE(run("out", 2, io::Existing::replace));
  catch_stop_signals();
  EXPECT_FALSE(StoredRun::open(files_, folder_ / "out")) << "half of it is of other settings";
  EXPECT_FALSE(files_.info(folder_ / "out/report/command.json")) << "it is of what was replaced";
  EXPECT_TRUE(run("out")) << "goes on without being told again";
  ASSERT_TRUE(run("fresh"));
  EXPECT_EQ(content("out"), content("fresh"));
}

TEST_F(FinishedRun, GoesOnWithOtherSettingsWhereItIsUnfinished) {
  ASSERT_TRUE(files_.remove(folder_ / "out/ledger.json"));
  toml_ += "[layers.metrics]\nmin_words = 60\n";
  ASSERT_TRUE(run("out"));
  ASSERT_TRUE(run("fresh"));
  EXPECT_EQ(content("out"), content("fresh"));
}

TEST_F(FinishedRun, StaysWhereWhatShouldReplaceItYieldsNothing) {
  write("empty/a.jsonl", "{\"other\":1}\n{broken\n");
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"empty\"\n";
  const std::string message = refusal(run("out", 2, io::Existing::replace));
  EXPECT_NE(message.find("source 'open' yields no document: the finished run in "),
            std::string::npos)
      << message;
}

TEST_F(FinishedRun, NamesADamagedLedger) {
  for (const char* text : {"{\"sources\": {\"open\": {}}}", "{\"sources\": 1}", "[]", "{",
                           "{\"sources\": {\"open\": {\"in\": 1, \"out\": 2, \"layers\": []}}}"}) {
    write("out/ledger.json", text);
    const auto ledger = read_ledger(files_, folder_ / "out");
    ASSERT_FALSE(ledger.has_value()) << text;
    EXPECT_TRUE(ledger.error().message.starts_with(folder_ / "out/ledger.json: "))
        << ledger.error().message;
    const auto run = StoredRun::open(files_, folder_ / "out");
    ASSERT_FALSE(run.has_value()) << text;
    EXPECT_EQ(run.error().message, ledger.error().message);
  }
}

TEST_F(CurateRun, LeavesNoFolderBehindWhereItNeverBegan) {
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"s\"\npath = \"nowhere\"\n";
  EXPECT_FALSE(run("out"));
  EXPECT_EQ(files_.list(folder_ / "out").error().code, Code::not_found);
  ASSERT_TRUE(files_.make_folders(folder_ / "mine"));
  EXPECT_FALSE(run("mine"));
  EXPECT_TRUE(files_.list(folder_ / "mine").value().empty()) << "who made it keeps it";
}

}  // namespace
}  // namespace aludel::curate
