#include "aludel/io/binary.h"

#include <string>

#include <gtest/gtest.h>

#include "aludel/io/codec.h"

namespace aludel::io {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): it is used

TEST(BinaryKind, NamesCompressionsThatAreNotRead) {
  EXPECT_EQ(binary_kind("\x04\x22\x4D\x18\x64\x40"sv), "lz4");
  EXPECT_EQ(binary_kind("\xFD\x37\x7A\x58\x5A\0\0\x04"sv), "xz");
  EXPECT_EQ(binary_kind("BZh91AY&SYxx"sv), "bzip2");
  EXPECT_EQ(binary_kind("BZh11AY&SYxx"sv), "bzip2");
  EXPECT_EQ(unread_compression("\x1F\x8B\x08\0"
                               "1AY&SY"sv),
            "")
      << "the head of gzip, with a time that looks like bzip2";
  EXPECT_EQ(binary_kind("PK\x03\x04word"sv), "zip");
  EXPECT_EQ(binary_kind(compress_gzip("x")), "gzip");
  EXPECT_EQ(unread_compression(compress_gzip("x")), "") << "it is read";
  EXPECT_EQ(unread_compression_of_path("a/pages.jsonl.lz4"), "lz4");
  EXPECT_EQ(unread_compression_of_path("a/pages.jsonl.gz"), "");
}

TEST(BinaryKind, IsEmptyForText) {
  for (const std::string_view text :
       {""sv, "x"sv, "<html>\0a zero byte</html>"sv, "BZh is how bzip2 begins"sv,
        "PKZIP and LZIP"sv, "图书馆上午九点开门"sv, "\xD6\xD0\xCE\xC4"sv, "\x1B$BF|K\\\x1B(B"sv,
        "tab\tand form feed\f"sv, "\xFF\xFEh\0"sv, "h\0e\0l\0l\0o\0"sv, "\0<\0p\0>"sv}) {
    EXPECT_EQ(binary_kind(text), "") << text;
  }
}

TEST(BinaryKind, KnowsControlCharacters) {
  std::string noise;
  for (int i = 0; i < 1000; ++i) {
    noise += static_cast<char>(i * 7919 >> 3);
  }
  EXPECT_EQ(binary_kind(noise), "binary");
  std::string page(2000, 'a');
  page[100] = page[200] = page[300] = '\0';
  EXPECT_EQ(binary_kind(page), "") << "a few are a slip";
}

}  // namespace
}  // namespace aludel::io
