#include "aludel/curate/layers/language/captures.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

TEST(CaptureTime, IsLargerForLaterTimes) {
  EXPECT_EQ(capture_time("2024-05-18T01:58:10Z"), 2024051801581000000U);
  EXPECT_LT(capture_time("2024-05-18T01:58:10Z"), capture_time("2024-05-18T01:58:10.5Z"));
  EXPECT_LT(capture_time("2024-05-18"), capture_time("2024-05-18T00:00:01Z"));
  EXPECT_LT(capture_time("2023-12-31T23:59:59.999999999Z"), capture_time("2024"));
  EXPECT_EQ(capture_time(""), 0U);
  EXPECT_EQ(capture_time("unknown"), 0U);
}

TEST(PackedId, KeepsTheIdsOfARun) {
  const std::string id = hash128("a page").hex();
  EXPECT_EQ(packed_id(id).hex(), id);
  EXPECT_EQ(packed_id("page 7"), hash128("page 7"));
  const std::string capitals(32, 'A');
  EXPECT_EQ(packed_id(capitals), hash128(capitals));  // would come back in small letters
  EXPECT_NE(packed_id("0123456789abcdef0123456789abcdex").hex(),
            "0123456789abcdef0123456789abcdex");
}

Document page(std::string id, std::string url, std::string date, std::string kind = "web") {
  Document document;
  document.id = std::move(id);
  document.url = std::move(url);
  document.date = std::move(date);
  document.kind = std::move(kind);
  return document;
}

TEST(Captures, KeepTheNewestOfEachAddress) {
  const Document pages[] = {
      page("a", "http://example.org/", "2020-01-01T00:00:00Z"),
      page("b", "https://www.example.org", "2024-05-18T01:58:10Z"),
      page("c", "http://example.org/#top", "2024-05-18T01:58:10Z"),  // as new: the first stays
      page("d", "http://example.org/other", "2019-01-01T00:00:00Z"),
      page("e", "books/one.txt", "2019-01-01T00:00:00Z"),
      page("f", "books/one.txt", "2020-01-01T00:00:00Z"),
      page("g", "http://example.org/", "2025-01-01T00:00:00Z", "open"),
  };
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  // However the pages are cut into shards, the merge in their order is the same.
  for (std::size_t cut = 0; cut <= std::size(pages); ++cut) {
    CaptureFit first;
    CaptureFit second;
    for (std::size_t i = 0; i < std::size(pages); ++i) {
      (i < cut ? first : second).observe(pages[i]);
    }
    first.merge(second);
    ASSERT_TRUE(first.finish(files, folder.path()));
    OlderCaptures older;
    ASSERT_TRUE(older.load(files, folder.path()));
    for (const char* id : {"a", "c"}) {
      EXPECT_EQ(older.newest(id), hash128("b").hex()) << id;
    }
    for (const char* id : {"b", "d", "e", "f", "g"}) {
      EXPECT_EQ(older.newest(id), std::nullopt) << id;
    }
  }
  EXPECT_FALSE(OlderCaptures().load(files, folder.path() + "/none"));
}

}  // namespace
}  // namespace aludel::curate
