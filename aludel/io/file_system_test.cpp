#include "aludel/io/file_system.h"

#include <filesystem>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

class LocalFileSystemTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  LocalFileSystem files_;
};

TEST_F(LocalFileSystemTest, ReadsBackWhatItWrites) {
  const std::string path = folder_ / "a";
  std::string bytes(300'000, 'x');
  bytes += '\0';
  ASSERT_TRUE(write_file(files_, path, bytes).has_value());
  EXPECT_EQ(read_file(files_, path).value(), bytes);
  EXPECT_EQ(files_.map(path).value().bytes(), bytes);
  EXPECT_EQ(files_.info(path).value().size_bytes, bytes.size());
  auto reader = files_.open(path, bytes.size() - 2).value();
  EXPECT_EQ(read_all(*reader, 100).value(), std::string_view("x\0", 2));
}

TEST_F(LocalFileSystemTest, KeepsTheOldFileUntilCommit) {
  const std::string path = folder_ / "a";
  ASSERT_TRUE(write_file(files_, path, "old").has_value());
  {
    auto writer = files_.create(path).value();
    ASSERT_TRUE(writer->write("new").has_value());
    EXPECT_EQ(read_file(files_, path).value(), "old");
    EXPECT_EQ(files_.list(folder_.path()).value().size(), 1U) << "a partial file is not listed";
  }
  EXPECT_EQ(read_file(files_, path).value(), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".aludel-partial"));
  auto writer = files_.create(path).value();
  ASSERT_TRUE(writer->write("new").has_value());
  ASSERT_TRUE(writer->commit().has_value());
  EXPECT_EQ(read_file(files_, path).value(), "new");
}

TEST_F(LocalFileSystemTest, MakesAScratchFileAppearAsAWholeToo) {
  const std::string path = folder_ / "a";
  auto writer = files_.create_scratch(path).value();
  ASSERT_TRUE(writer->write("new").has_value());
  EXPECT_FALSE(files_.info(path));
  ASSERT_TRUE(writer->commit().has_value());
  EXPECT_EQ(read_file(files_, path).value(), "new");
}

TEST_F(LocalFileSystemTest, OverwritesAPartialFileThatAKillLeft) {
  const std::string path = folder_ / "a";
  ASSERT_TRUE(write_file(files_, path + ".aludel-partial", "left by a kill").has_value());
  ASSERT_TRUE(write_file(files_, path, "new").has_value());
  EXPECT_EQ(read_file(files_, path).value(), "new");
}

TEST_F(LocalFileSystemTest, RefusesTwoWritersOfOneFile) {
  const auto first = files_.create(folder_ / "a").value();
  const auto second = files_.create(folder_ / "a");
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().message.find("another writer"), std::string::npos);
}

TEST_F(LocalFileSystemTest, AppendsBehindWhatIsThere) {
  const std::string path = folder_ / "log";
  for (const char* row : {"one\n", "two\n"}) {
    auto writer = files_.append(path).value();
    EXPECT_FALSE(files_.append(path).has_value()) << "one writer at a time";
    ASSERT_TRUE(writer->write(row).has_value());
    ASSERT_TRUE(writer->commit().has_value());
    ASSERT_TRUE(writer->write("+").has_value());
    ASSERT_TRUE(writer->commit().has_value());
  }
  EXPECT_EQ(read_file(files_, path).value(), "one\n+two\n+");
  EXPECT_EQ(files_.append(folder_ / "missing/log").error().code, Code::not_found);
}

TEST_F(LocalFileSystemTest, ListsFilesSortedAndRecursively) {
  ASSERT_TRUE(files_.make_folders(folder_ / "b/c").has_value());
  for (const char* name : {"b/c/2", "b/c/10", "a"}) {
    ASSERT_TRUE(write_file(files_, folder_ / name, "12").has_value());
  }
  std::vector<std::string> paths;
  for (const FileInfo& info : files_.list(folder_.path()).value()) {
    paths.push_back(info.path.substr(folder_.path().size()));
    EXPECT_EQ(info.size_bytes, 2U);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{"/a", "/b/c/10", "/b/c/2"}));
  EXPECT_EQ(files_.list(folder_ / "a").value()[0].path, folder_ / "a");
  EXPECT_TRUE(files_.remove(folder_ / "b").has_value());
  EXPECT_TRUE(files_.remove(folder_ / "b").has_value());
  EXPECT_EQ(files_.list(folder_.path()).value().size(), 1U);
}

TEST_F(LocalFileSystemTest, NamesThePathInEveryError) {
  const std::string missing = folder_ / "missing/file";
  EXPECT_EQ(files_.open(missing).error().code, Code::not_found);
  EXPECT_EQ(files_.info(missing).error().code, Code::not_found);
  EXPECT_EQ(files_.map(missing).error().code, Code::not_found);
  EXPECT_EQ(files_.list(missing).error().code, Code::not_found);
  EXPECT_EQ(files_.create(missing).error().code, Code::not_found);
  EXPECT_NE(files_.create(missing).error().message.find(missing), std::string::npos);
  EXPECT_EQ(files_.open(folder_.path()).error().code, Code::io_error);
  EXPECT_EQ(files_.create(folder_.path()).error().code, Code::io_error);
  EXPECT_EQ(read_file(files_, "/proc/self/exe", 1000).error().code, Code::resource_exhausted);
}

TEST(Paths, AreJoinedAndSplit) {
  EXPECT_EQ(join_path("a", "b"), "a/b");
  EXPECT_EQ(join_path("a/", "b"), "a/b");
  EXPECT_EQ(join_path("", "b"), "b");
  EXPECT_EQ(without_end_slashes("a/b//"), "a/b");
  EXPECT_EQ(without_end_slashes("//"), "/");
  EXPECT_EQ(without_end_slashes(""), "");
  EXPECT_EQ(folder_of("a/b"), "a");
  EXPECT_EQ(folder_of("/b"), "/");
  EXPECT_EQ(folder_of("b"), ".");
}

}  // namespace
}  // namespace aludel::io
