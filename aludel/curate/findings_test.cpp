#include "aludel/curate/findings.h"

#include "tests/temporary_folder.h"
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
    ASSERT_TRUE(write_all_findings(files_, folder_.path(), {"a", "b", "c"},
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
  const auto all = FindingsById::read(files_, folder_.path()).value();
  EXPECT_EQ(all.find("c"), finding_of("c"));
  EXPECT_TRUE(all.find("b").is_null());
  EXPECT_EQ(find_finding(files_, folder_.path(), "c").value(), finding_of("c"));
  EXPECT_TRUE(find_finding(files_, folder_.path(), "b").value().is_null());
}

}  // namespace
}  // namespace aludel::curate
