#include "aludel/text/text_file.h"

#include "tests/memory_file_system.h"
#include <gtest/gtest.h>

#include "aludel/io/codec.h"

namespace aludel::text {
namespace {

TEST(TextFile, IsDecodedWhateverItsEncodingAndCompression) {
  MemoryFileSystem files;
  const std::string gbk =
      "\xD5\xE2\xCA\xC7\xD2\xBB\xB8\xF6\xD6\xD0\xCE\xC4\xCD\xF8\xD2\xB3\xA3\xAC\xBD\xB2\xCC\xEC\xC6"
      "\xF8\xBA\xCD\xD0\xC2\xCE\xC5\xA1\xA3";
  ASSERT_TRUE(io::write_file(files, "gbk.txt", gbk));
  ASSERT_TRUE(io::write_file(files, "gbk.txt.gz", io::compress_gzip(gbk)));
  ASSERT_TRUE(io::write_file(files, "mark.txt", "\xEF\xBB\xBFtext"));
  EXPECT_EQ(read_text_file(files, "gbk.txt", 1000).value().text,
            "这是一个中文网页，讲天气和新闻。");
  EXPECT_EQ(read_text_file(files, "gbk.txt.gz", 1000).value().charset, "gb18030");
  EXPECT_EQ(read_text_file(files, "mark.txt", 1000).value().text, "text");
  EXPECT_EQ(read_text_file(files, "gbk.txt", 10).error().code, Code::resource_exhausted);
}

TEST(TextFile, IsRefusedByNameWhenItHoldsNoText) {
  MemoryFileSystem files;
  ASSERT_TRUE(io::write_file(files, "a.txt", std::string("\x04\x22\x4D\x18\x64\x40", 6)));
  ASSERT_TRUE(io::write_file(files, "b.txt", "%PDF-1.7 ..."));
  ASSERT_TRUE(io::write_file(files, "c.txt", std::string(50, '\x02')));
  const auto lz4 = read_text_file(files, "a.txt", 1000);
  ASSERT_FALSE(lz4.has_value());
  EXPECT_EQ(lz4.error().message, "a.txt: lz4 is not read; unpack it, or pack it as .gz or .zst");
  EXPECT_EQ(read_text_file(files, "b.txt", 1000).error().message,
            "b.txt: pdf data, text was expected");
  EXPECT_EQ(read_text_file(files, "c.txt", 1000).error().code, Code::unsupported);
}

}  // namespace
}  // namespace aludel::text
