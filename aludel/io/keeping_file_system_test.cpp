#include "aludel/io/keeping_file_system.h"

#include <filesystem>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

class KeepingFileSystemTest : public testing::Test {
 protected:
  std::string path(const std::string& name) { return folder_.path() + "/" + name; }

  std::string text(const std::string& name) { return read_file(disk_, path(name)).value(); }

  TemporaryFolder folder_;
  LocalFileSystem disk_;
};

TEST_F(KeepingFileSystemTest, WritesANewFileAndTheSameBytesAgain) {
  KeepingFileSystem files(disk_, Existing::keep);
  const std::string bytes(200'000, 'x');
  ASSERT_TRUE(write_file(files, path("a"), bytes));
  EXPECT_TRUE(write_file(files, path("a"), bytes));
  EXPECT_EQ(text("a"), bytes);
}

TEST_F(KeepingFileSystemTest, KeepsAFinishedFileThatWouldBecomeAnother) {
  KeepingFileSystem files(disk_, Existing::keep);
  ASSERT_TRUE(write_file(disk_, path("a"), "the old text"));
  for (const char* other : {"the new text", "the old", "the old text and more", ""}) {
    const Status status = write_file(files, path("a"), other);
    ASSERT_FALSE(status) << other;
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_NE(status.error().message.find("--overwrite"), std::string::npos);
    EXPECT_EQ(text("a"), "the old text");
  }
}

TEST_F(KeepingFileSystemTest, ReplacesAFileWhenItIsAskedTo) {
  KeepingFileSystem files(disk_, Existing::replace);
  ASSERT_TRUE(write_file(disk_, path("a"), "old"));
  EXPECT_TRUE(write_file(files, path("a"), "new"));
  EXPECT_EQ(text("a"), "new");
}

TEST_F(KeepingFileSystemTest, RefusesASecondClaimAndFreesTheFirstAtItsEnd) {
  {
    const auto first = OutputClaim::take(disk_, path("new/train.json"));
    ASSERT_TRUE(first) << first.error().message;
    const auto second = OutputClaim::take(disk_, path("new/train.json"));
    ASSERT_FALSE(second);
    EXPECT_TRUE(
        second.error().message.starts_with(path("new/train.json") + ": another writer is at work"))
        << "the lock has a name of its own that is nobody's business: " << second.error().message;
    EXPECT_TRUE(OutputClaim::take(disk_, path("new/tokens.json"))) << "another output";
  }
  EXPECT_TRUE(OutputClaim::take(disk_, path("new/train.json")));
}

TEST_F(KeepingFileSystemTest, RemovesTheFoldersOfAClaimWhoseWorkLeftNothing) {
  ASSERT_TRUE(disk_.make_folders(path("there")));
  { EXPECT_TRUE(OutputClaim::take(disk_, path("there/a/b/train.json"))); }
  EXPECT_FALSE(std::filesystem::exists(path("there/a")));
  EXPECT_TRUE(std::filesystem::exists(path("there"))) << "it was there before";
  {
    const auto claim = OutputClaim::take(disk_, path("there/a/b/train.json"));
    ASSERT_TRUE(claim);
    ASSERT_TRUE(write_file(disk_, path("there/a/log.jsonl"), "x"));
  }
  EXPECT_FALSE(std::filesystem::exists(path("there/a/b")));
  EXPECT_EQ(text("there/a/log.jsonl"), "x");
}

TEST_F(KeepingFileSystemTest, TellsOfAPlaceThatCannotBeWrittenWhenItIsClaimed) {
  ASSERT_TRUE(write_file(disk_, path("file"), "x"));
  EXPECT_FALSE(OutputClaim::take(disk_, path("file/tokenizer.model")));
}

}  // namespace
}  // namespace aludel::io
