#include "aludel/io/glob.h"

#include "tests/memory_file_system.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

TEST(Glob, MatchesWholePaths) {
  EXPECT_TRUE(matches_glob("a/*.gz", "a/b.warc.gz"));
  EXPECT_FALSE(matches_glob("a/*.gz", "a/b/c.gz")) << "a star stays in its folder";
  EXPECT_TRUE(matches_glob("a/**.gz", "a/b/c.gz"));
  EXPECT_TRUE(matches_glob("a/**/c-?.gz", "a/b/d/c-1.gz"));
  EXPECT_TRUE(matches_glob("a/**/c-?.gz", "a/c-1.gz")) << "any folders, or none";
  EXPECT_TRUE(matches_glob("**/*.gz", "c.gz") && matches_glob("**/*.gz", "a/b/c.gz"));
  EXPECT_TRUE(matches_glob("a/**/b/**/c", "a/x/b/b/y/z/c"));
  EXPECT_FALSE(matches_glob("a/**/c.gz", "a/bc.gz")) << "whole folders only";
  EXPECT_FALSE(matches_glob("a/**/c.gz", "a/b/bc.gz"));
  EXPECT_FALSE(matches_glob("a/?", "a/bc"));
  EXPECT_TRUE(matches_glob("a[0-3x]", "ax"));
  EXPECT_FALSE(matches_glob("a[!0-3x]", "a2"));
  EXPECT_TRUE(matches_glob("a[!0-3x]", "a7"));
  EXPECT_TRUE(matches_glob("a[", "a["));
  EXPECT_TRUE(matches_glob("*a*b", "xaxxab"));
  EXPECT_FALSE(matches_glob("", "a"));
  EXPECT_TRUE(matches_glob("**x/*y", "a/x/b/x/cy"));
}

TEST(Glob, StaysQuickOnManyStars) {
  std::string pattern;
  for (int i = 0; i < 30; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(5000, 'a')));
}

TEST(Glob, FindsFilesOfFoldersPatternsAndOddNames) {
  MemoryFileSystem files;
  for (const char* path :
       {"d/a.txt", "d/b.html", "d/e/c.txt", "d/odd[1].txt", "d[1]/x.txt", "d1/y.txt"}) {
    files.files()[path] = "x";
  }
  const auto found = [&](const std::string& path) {
    std::string names;
    for (const FileInfo& file : find_files(files, path).value()) {
      names += file.path + " ";
    }
    return names;
  };
  EXPECT_EQ(found("d/*.txt"), "d/a.txt d/odd[1].txt ");
  EXPECT_EQ(found("d/**.txt"), "d/a.txt d/e/c.txt d/odd[1].txt ");
  EXPECT_EQ(found("d/odd[1].txt"), "d/odd[1].txt ");
  EXPECT_EQ(found("d/e"), "d/e/c.txt ");
  EXPECT_EQ(found("d[1]"), "d[1]/x.txt ") << "a folder, too, may be named so";
  EXPECT_EQ(folder_before_wildcard("s3://b/k/x*"), "s3://b/k");
  EXPECT_EQ(folder_before_wildcard("*.txt"), ".");
}

}  // namespace
}  // namespace aludel::io
