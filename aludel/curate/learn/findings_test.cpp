#include "aludel/curate/learn/findings.h"

#include "tests/temporary_folder.h"
#include "tests/written_findings.h"
#include <gtest/gtest.h>

#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

Json finding_of(std::string_view id) {
  Json row = Json::object();
  row["id"] = id;
  return row;
}

class Findings : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_all_findings(files_, folder_.path(), "semantic", {"a", "b", "c"},
                                   {finding_of("a"), Json(), finding_of("c")}));
  }

  TemporaryFolder folder_;
  io::LocalFileSystem files_;
};

TEST_F(Findings, AreReadBesideTheirDocuments) {
  auto reader = FindingsReader::open(files_, folder_.path(), 0).value();
  EXPECT_EQ(reader.take("a").value(), finding_of("a"));
  EXPECT_TRUE(reader.take("b").value().is_null());
  EXPECT_EQ(reader.take("c").value(), finding_of("c"));
  EXPECT_TRUE(reader.take("d").value().is_null());
  EXPECT_TRUE(reader.check_all_taken());
}

TEST_F(Findings, OfOtherDocumentsAreAnError) {
  auto reader = FindingsReader::open(files_, folder_.path(), 0).value();
  EXPECT_EQ(reader.take("a").value(), finding_of("a"));
  EXPECT_TRUE(reader.take("d").value().is_null());
  EXPECT_EQ(reader.check_all_taken().error().code, Code::corrupt_data);
  auto unread = FindingsReader::open(files_, folder_.path(), 0).value();
  EXPECT_EQ(unread.check_all_taken().error().code, Code::corrupt_data);
}

TEST_F(Findings, ComeByIdInAnyOrder) {
  const auto all = FindingsById::read(files_, folder_.path(), "semantic").value();
  EXPECT_EQ(all.find("c"), finding_of("c"));
  EXPECT_TRUE(all.find("b").is_null());
  EXPECT_EQ(find_finding(files_, folder_.path(), "c").value(), finding_of("c"));
  EXPECT_TRUE(find_finding(files_, folder_.path(), "b").value().is_null());
}

// Regression: a layer judged by any files of findings in or below the folder that it was given.
TEST_F(Findings, AreRefusedByAnotherLayerThanTheOneThatMadeThem) {
  const auto of_semantic = FindingsById::read(files_, folder_.path(), "minhash_dedup");
  ASSERT_FALSE(of_semantic);
  EXPECT_EQ(of_semantic.error().code, Code::invalid_argument);
  EXPECT_NE(of_semantic.error().message.find("layer semantic made this state"), std::string::npos)
      << of_semantic.error().message;
  EXPECT_NE(of_semantic.error().message.find("RUN/state/minhash_dedup"), std::string::npos);

  TemporaryFolder empty_run;  // a state without findings names its layer, too
  ASSERT_TRUE(write_all_findings(files_, empty_run.path(), "semantic", {}, {}));
  EXPECT_TRUE(FindingsById::read(files_, empty_run.path(), "semantic"));
  EXPECT_FALSE(FindingsById::read(files_, empty_run.path(), "exact_dedup"));
}

TEST_F(Findings, AreRefusedOfAFolderAboveStates) {
  TemporaryFolder run;
  for (const char* layer : {"minhash_dedup", "semantic"}) {
    const std::string state = run / ("state/" + std::string(layer));
    ASSERT_TRUE(files_.make_folders(state));
    ASSERT_TRUE(write_all_findings(files_, state, layer, {"a"}, {finding_of("a")}));
  }
  const std::string one = run / "state/semantic";
  for (const std::string& folder : {one, one + "/", run.path() + "//state/semantic//"}) {
    EXPECT_TRUE(FindingsById::read(files_, folder, "semantic")) << folder;
  }
  for (const std::string& folder : {run.path(), run / "state", run / "state/"}) {
    const auto refused = FindingsById::read(files_, folder, "semantic");
    ASSERT_FALSE(refused) << folder;
    EXPECT_NE(refused.error().message.find("give " + run.path()), std::string::npos);
    EXPECT_TRUE(refused.error().message.ends_with("/state/semantic")) << refused.error().message;
    const auto other = FindingsById::read(files_, folder, "exact_dedup");
    ASSERT_FALSE(other) << folder;
    EXPECT_NE(other.error().message.find("no state of layer exact_dedup"), std::string::npos)
        << other.error().message;
  }
}

TEST_F(Findings, AreRefusedWithoutTheirLayerTheirDocumentsOrTheirOtherFile) {
  const std::string seen = seen_path(folder_.path(), 0);
  const auto refuses = [&](const std::string& folder, std::string_view says) {
    const auto refused = FindingsById::read(files_, folder, "semantic");
    ASSERT_FALSE(refused) << folder << " " << says;
    EXPECT_NE(refused.error().message.find(says), std::string::npos) << refused.error().message;
  };
  refuses(seen, "expected the folder of a state");
  auto old = io::JsonlWriter::create(files_, seen).value();  // as versions without a layer's name
  ASSERT_TRUE(old.write(finding_of("a")));
  ASSERT_TRUE(old.commit());
  refuses(folder_.path(), "does not say which layer made it");
  ASSERT_TRUE(files_.remove(seen));
  refuses(folder_.path(), "which documents it saw");
  ASSERT_TRUE(write_all_findings(files_, folder_.path(), "semantic", {"a"}, {}));
  ASSERT_TRUE(files_.remove(findings_path(folder_.path(), 0)));
  refuses(folder_.path(), findings_path(folder_.path(), 0));
  ASSERT_TRUE(files_.remove(seen));
  refuses(folder_.path(), "no state of a fitted layer");
}

}  // namespace
}  // namespace aludel::curate
