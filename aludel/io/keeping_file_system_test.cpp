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

TEST_F(KeepingFileSystemTest, ReplacesNothingThatWasReadByWhateverPath) {
  ASSERT_TRUE(write_file(disk_, path("a"), "old"));
  std::filesystem::create_symlink("a", path("link"));
  std::filesystem::create_directory_symlink(".", path("here"));
  for (const char* name : {"a", "./a", "link", "here/a"}) {
    KeepingFileSystem reads_first(disk_, Existing::replace);
    ASSERT_TRUE(read_file(reads_first, path(name))) << name;
    const Status status = write_file(reads_first, path("a"), "new");
    ASSERT_FALSE(status) << name;
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_TRUE(status.error().message.starts_with(path("a") + ": is read by this command"))
        << status.error().message;
    KeepingFileSystem maps_first(disk_, Existing::replace);
    ASSERT_TRUE(maps_first.map(path("a"))) << name;
    EXPECT_FALSE(write_file(maps_first, path(name), "new")) << name;
    EXPECT_EQ(text("a"), "old") << name;
  }
}

TEST_F(KeepingFileSystemTest, ReadsNothingThatItIsAboutToReplace) {
  ASSERT_TRUE(write_file(disk_, path("a"), "old"));
  {
    KeepingFileSystem files(disk_, Existing::replace);
    const auto writer = files.create(path("a"));
    ASSERT_TRUE(writer);
    EXPECT_FALSE(read_file(files, path("a"))) << "it is begun";
    EXPECT_FALSE(files.map(path("a")));
  }
  KeepingFileSystem files(disk_, Existing::replace);
  const auto claim = OutputClaim::take(files, path("a"));
  ASSERT_TRUE(claim);
  const auto read = read_file(files, path("./a"));
  ASSERT_FALSE(read) << "it is claimed";
  EXPECT_EQ(read.error().code, Code::invalid_argument);
  EXPECT_EQ(text("a"), "old");
}

TEST_F(KeepingFileSystemTest, ReadsWhatItHasWrittenAndWritesItAgain) {
  ASSERT_TRUE(write_file(disk_, path("a"), "old"));
  KeepingFileSystem files(disk_, Existing::replace);
  const auto claim = OutputClaim::take(files, path("a"));
  ASSERT_TRUE(claim);
  EXPECT_EQ(read_file(files, path("none")).error().code, Code::not_found);
  ASSERT_TRUE(write_file(files, path("a"), "new"));
  EXPECT_EQ(read_file(files, path("a")).value(), "new");
  EXPECT_TRUE(write_file(files, path("a"), "newer"));
  EXPECT_EQ(text("a"), "newer");
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
