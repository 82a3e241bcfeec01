#include "aludel/io/file_system.h"

#include <filesystem>
#include <map>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aludel/io/no_files.h"

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

TEST_F(LocalFileSystemTest, FindsWhatTheListLeavesOut) {
  ASSERT_TRUE(files_.make_folders(folder_ / "b").has_value());
  ASSERT_TRUE(write_file(files_, folder_ / "b/file", "12").has_value());
  std::filesystem::create_symlink("nowhere", folder_ / "dangling");
  std::filesystem::create_directory_symlink("b", folder_ / "folder");
  std::filesystem::create_symlink("b/file", folder_ / "link");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const auto unfinished = files_.create(folder_ / "new");
  const auto names = [this](const std::string& path) {
    std::map<std::string, std::string> found;
    for (const NoFile& item : find_no_files(path).value()) {
      found[item.path.substr(folder_.path().size())] = item.what;
    }
    return found;
  };
  const std::map<std::string, std::string> expected = {{"/dangling", "dangling_link"},
                                                       {"/folder", "folder_link"},
                                                       {"/new.aludel-partial", "unfinished_file"},
                                                       {"/pipe", "special_file"}};
  EXPECT_EQ(names(folder_.path()), expected);
  EXPECT_EQ(names(folder_ / "[dn]*").size(), 2U);
  EXPECT_TRUE(names(folder_ / "b").empty());
  EXPECT_TRUE(find_no_files("s3://bucket/a").value().empty());
  EXPECT_EQ(files_.list(folder_.path()).value().size(), 2U) << "finished files";
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
