#include "aludel/curate/run/work_file.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Document odd_document(std::size_t number, std::size_t text_bytes) {
  Document document;
  document.id = std::to_string(number);
  document.url = "https://example.org/\"quoted\"\n";
  document.text = std::string(text_bytes, '\0') + "zero bytes\xF0\x9F\x98\x80";
  document.language = "zh";
  document.cluster = "7";
  document.date = "2026-01-01T00:00:00Z";
  document.annotations["perplexity"]["log"] = 0.1 + static_cast<double>(number);
  document.metadata["title"] = "a title";
  return document;
}

TEST(WorkFile, GivesBackEveryMemberOfDocumentsOfAnySize) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const std::size_t sizes[] = {0, 1, 1 << 17, 1 << 18, 3 << 20, 5};
  auto writer = WorkFileWriter::create(files, folder / "w").value();
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    ASSERT_TRUE(writer.write(odd_document(i, sizes[i])));
  }
  ASSERT_TRUE(writer.commit());
  auto reader = WorkFileReader::open(files, folder / "w").value();
  Document document;
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    ASSERT_TRUE(reader.next(document).value()) << i;
    EXPECT_EQ(to_json(document).dump(), to_json(odd_document(i, sizes[i])).dump());
  }
  EXPECT_FALSE(reader.next(document).value());
}

TEST(WorkFile, RefusesWhatWasCutOffOrIsNoneAtEveryByte) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  auto writer = WorkFileWriter::create(files, folder / "w").value();
  ASSERT_TRUE(writer.write(odd_document(1, 3)));
  ASSERT_TRUE(writer.commit());
  const std::string whole = io::read_file(files, folder / "w").value();
  for (std::size_t size = 1; size < whole.size(); ++size) {
    ASSERT_TRUE(io::write_file(files, folder / "torn", whole.substr(0, size)));
    auto reader = WorkFileReader::open(files, folder / "torn").value();
    Document document;
    EXPECT_EQ(reader.next(document).error().code, Code::corrupt_data) << size;
  }
  ASSERT_TRUE(io::write_file(files, folder / "other", std::string(64, '\xFF')));
  auto reader = WorkFileReader::open(files, folder / "other").value();
  Document document;
  EXPECT_EQ(reader.next(document).error().code, Code::corrupt_data);
}

}  // namespace
}  // namespace aludel::curate
