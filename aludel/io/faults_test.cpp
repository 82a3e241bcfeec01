// Breaks every operation of every reader and writer once: a writer leaves the old file or the new
// one and no rest, a reader says what broke.
#include <functional>

#include "tests/faulty_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/codec.h"
#include "aludel/io/formats/jsonl.h"
#include "aludel/io/formats/safetensors.h"
#include "aludel/io/formats/warc.h"
#include "aludel/io/json_file.h"

namespace aludel::io {
namespace {

class FaultTest : public testing::Test {
 protected:
  using Action = std::function<Status(FileSystem& files, const std::string& path)>;

  void expect_old_file_or_nothing(const std::string& name, const Action& write) {
    const std::string path = folder_ / name;
    faulty_.fail_at(0);
    ASSERT_TRUE(write(faulty_, path).has_value());
    const std::uint64_t operations = faulty_.operations();
    const std::string complete = read_file(local_, path).value();
    ASSERT_GE(operations, 3U) << "create, write, commit";
    for (std::uint64_t n = 1; n <= operations; ++n) {
      for (const Code code : {Code::io_error, Code::resource_exhausted}) {
        for (const bool is_old_there : {false, true}) {
          if (is_old_there) {
            folder_.write(name, "old");
          } else {
            ASSERT_TRUE(local_.remove(path).has_value());
          }
          faulty_.fail_at(n, code, n % 2 == 0);
          const Status status = write(faulty_, path);
          ASSERT_FALSE(status.has_value()) << name << ": operation " << n;
          EXPECT_EQ(status.error().code, code);
          EXPECT_NE(status.error().message.find(path), std::string::npos);
          const auto left = read_file(local_, path);
          EXPECT_EQ(left ? left.value() : "none", is_old_there ? "old" : "none");
          EXPECT_EQ(local_.list(folder_.path()).value().size(), is_old_there ? 1U : 0U);
          EXPECT_FALSE(local_.info(path + ".aludel-partial").has_value());
        }
      }
    }
    faulty_.fail_at(0);
    ASSERT_TRUE(write(faulty_, path).has_value());
    EXPECT_EQ(read_file(local_, path).value(), complete) << "it works again afterwards";
    ASSERT_TRUE(local_.remove(path).has_value());
  }

  void expect_error_that_names_the_path(const std::string& path, const Action& read) {
    faulty_.fail_at(0);
    ASSERT_TRUE(read(faulty_, path).has_value());
    const std::uint64_t operations = faulty_.operations();
    for (std::uint64_t n = 1; n <= operations; ++n) {
      faulty_.fail_at(n);
      const Status status = read(faulty_, path);
      ASSERT_FALSE(status.has_value()) << path << ": operation " << n << " of " << operations;
      EXPECT_EQ(status.error().code, Code::io_error);
      const std::string& message = status.error().message;
      EXPECT_NE(message.find(path), std::string::npos) << message;
      EXPECT_EQ(message.find(path), message.rfind(path)) << "named twice: " << message;
    }
  }

  TemporaryFolder folder_;
  LocalFileSystem local_;
  FaultyFileSystem faulty_{local_};
};

Status write_pages(FileSystem& files, const std::string& path) {
  auto writer = ALUDEL_TRY(WarcWriter::create(files, path));
  ALUDEL_TRY(writer.write_info("2024-01-01T00:00:00Z", {{"software", "test"}}));
  for (const char* uri : {"http://a/1", "http://a/2"}) {
    ALUDEL_TRY(writer.write_response(uri, "2024-01-01T00:00:00Z",
                                     "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "<p>"));
  }
  return writer.commit();
}

Status read_pages(FileSystem& files, const std::string& path) {
  auto reader = ALUDEL_TRY(WebPageReader::open(files, path));
  while (ALUDEL_TRY(reader.next())) {
  }
  EXPECT_TRUE(reader.defects().empty()) << "a broken disk is no damage of the archive";
  return Ok{};
}

TEST_F(FaultTest, SpreadNamesTheFirstTheLastAndOthersOfEachKindOrEveryOperation) {
  faulty_.fail_at(0);
  ASSERT_TRUE(write_file(faulty_, folder_ / "a", "x"));  // 1 create, 2 write, 3 commit
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(faulty_.info(folder_ / "a"));  // 4 to 8
  }
  ASSERT_TRUE(faulty_.rename(folder_ / "a", folder_ / "b"));  // 9
  using Numbers = std::vector<std::uint64_t>;
  EXPECT_EQ(faulty_.spread(2), (Numbers{1, 2, 3, 4, 8, 9}));
  EXPECT_EQ(faulty_.spread(3), (Numbers{1, 2, 3, 4, 6, 8, 9}));
  EXPECT_EQ(faulty_.spread(FaultyFileSystem::kAll), (Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_FALSE(faulty_.has_struck());
  faulty_.fail_at(1);
  EXPECT_FALSE(faulty_.info(folder_ / "b"));
  EXPECT_TRUE(faulty_.has_struck());
}

TEST_F(FaultTest, WriteFileLeavesTheOldFileOrNothing) {
  expect_old_file_or_nothing("a", [](FileSystem& files, const std::string& path) {
    return write_file(files, path, std::string(100'000, 'x'));
  });
}

TEST_F(FaultTest, CompressedWritersLeaveTheOldFileOrNothing) {
  for (const char* name : {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"}) {
    expect_old_file_or_nothing(name, [](FileSystem& files, const std::string& path) -> Status {
      auto writer = ALUDEL_TRY(JsonlWriter::create(files, path));
      ALUDEL_TRY(writer.write(Json("one")));
      ALUDEL_TRY(writer.write(Json("two")));
      return writer.commit();
    });
  }
}

TEST_F(FaultTest, SafetensorsWriterLeavesTheOldFileOrNothing) {
  expect_old_file_or_nothing("a", [](FileSystem& files, const std::string& path) {
    const std::vector<TensorView> tensors = {{"a", "U8", {3}, "xyz"}, {"b", "F32", {1}, "1234"}};
    return write_safetensors(files, path, tensors);
  });
}

TEST_F(FaultTest, WarcWriterLeavesTheOldFileOrNothing) {
  expect_old_file_or_nothing("a.warc", write_pages);
  expect_old_file_or_nothing("a.warc.gz", write_pages);
}

TEST_F(FaultTest, ReadersNameThePathThatBrokeOnce) {
  for (const char* name : {"a.warc", "a.warc.gz", "a.warc.zst"}) {
    ASSERT_TRUE(write_pages(local_, folder_ / name).has_value());
    expect_error_that_names_the_path(folder_ / name, read_pages);
  }
  const std::string lines = folder_.write("a.jsonl", "1\n2\n3\n");
  expect_error_that_names_the_path(lines, [](FileSystem& files, const std::string& path) -> Status {
    auto reader = ALUDEL_TRY(JsonlReader::open(files, path));
    Json value;
    while (ALUDEL_TRY(reader.next(value))) {
    }
    return Ok{};
  });
  const std::string json = folder_.write("a.json", "{}");
  expect_error_that_names_the_path(json, [](FileSystem& files, const std::string& path) -> Status {
    ALUDEL_TRY(read_json_object(files, path));
    return Ok{};
  });
  ASSERT_TRUE(write_safetensors(local_, folder_ / "t", std::vector<TensorView>{}).has_value());
  expect_error_that_names_the_path(folder_ / "t",
                                   [](FileSystem& files, const std::string& path) -> Status {
                                     ALUDEL_TRY(SafetensorsFile::open(files, path));
                                     return Ok{};
                                   });
}

}  // namespace
}  // namespace aludel::io
