#include "aludel/io/formats/epub/zip.h"

#include "tests/book_files.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

TEST(Zip, ReadsStoredAndDeflatedFiles) {
  const std::string large(100'000, 'x');
  const std::string bytes = make_zip({{"a", "short"}, {"b/c", large}, {"empty", ""}});
  const auto archive = ZipArchive::open(bytes).value();
  EXPECT_EQ(archive.entries().size(), 3U);
  EXPECT_EQ(archive.read(*archive.find("a"), 100).value(), "short");
  EXPECT_EQ(archive.read(*archive.find("b/c"), 1 << 20).value(), large);
  EXPECT_EQ(archive.read(*archive.find("empty"), 0).value(), "");
  EXPECT_EQ(archive.find("d"), nullptr);
  EXPECT_EQ(ZipArchive::open(bytes + std::string(500, '\0')).value().entries().size(), 3U)
      << "a comment may follow";
}

TEST(Zip, FindsTheFirstOfANameInAnyNumberOfFiles) {
  std::vector<ZippedFile> files = {{"a", "one"}, {"a", "two"}};
  for (int i = 0; i < 60'000; ++i) {
    files.push_back({"file " + std::to_string(i), ""});
  }
  const std::string bytes = make_zip(files);
  const auto archive = ZipArchive::open(bytes).value();
  EXPECT_EQ(archive.read(*archive.find("a"), 100).value(), "one");
  for (const ZipEntry& entry : archive.entries()) {
    ASSERT_NE(archive.find(entry.name), nullptr);
  }
}

TEST(Zip, UnpacksNoMoreThanItIsAllowedTo) {
  const std::string bomb = make_zip({{"a", std::string(10'000'000, '0')}});
  EXPECT_LT(bomb.size(), 20'000U);
  const auto archive = ZipArchive::open(bomb).value();
  EXPECT_EQ(archive.read(*archive.find("a"), 1'000'000).error().code, Code::resource_exhausted);
  const std::string liar = make_zip({{"a", std::string(10'000'000, '0'), 1000}});
  const auto small = ZipArchive::open(liar).value();
  EXPECT_FALSE(small.read(*small.find("a"), 1'000'000).has_value()) << "more than it claims";
}

TEST(Zip, NamesDamage) {
  const std::string whole = make_zip({{"a", std::string(1000, 'x') + "yz"}});
  EXPECT_EQ(ZipArchive::open("no zip").error().code, Code::corrupt_data);
  EXPECT_EQ(ZipArchive::open(whole.substr(0, whole.size() - 10)).error().code, Code::corrupt_data);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    const auto archive = ZipArchive::open(damaged);
    if (!archive || archive.value().find("a") == nullptr) continue;
    const auto content = archive.value().read(*archive.value().find("a"), 1 << 20);
    EXPECT_TRUE(!content || content.value().size() == 1002) << "at byte " << i;
  }
}

}  // namespace
}  // namespace aludel::io
