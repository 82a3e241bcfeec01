#include "aludel/io/formats/token_shard.h"

#include <fstream>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::io {
namespace {

using Ids = std::vector<std::int32_t>;

Status write_shard(const std::string& prefix, std::int64_t vocab_size,
                   const std::vector<Ids>& documents) {
  LocalFileSystem files;
  auto writer = ALUDEL_TRY(TokenShardWriter::create(files, prefix, vocab_size));
  for (const Ids& ids : documents) {
    ALUDEL_TRY(writer.add_document(ids));
  }
  return writer.commit();
}

TEST(TokenShard, GivesBackDocumentsAndRunsOfTokens) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  for (const std::int64_t vocab_size : {65536, 65537}) {
    const std::int32_t top = static_cast<std::int32_t>(vocab_size) - 1;
    const std::vector<Ids> documents = {{1, 2, top}, {}, {7}, {8, 9}};
    ASSERT_TRUE(write_shard(folder / "train", vocab_size, documents));
    const auto shard = TokenShard::open(files, folder / "train");
    ASSERT_TRUE(shard) << shard.error().message;
    EXPECT_EQ(shard.value().document_count(), 4U);
    EXPECT_EQ(shard.value().total_tokens(), 6U);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      EXPECT_EQ(shard.value().document(i), documents[i]);
    }
    EXPECT_EQ(shard.value().document_begin(3), 4U);
    EXPECT_EQ(shard.value().document_begin(4), 6U);
    Ids run(3);
    shard.value().read(2, run);
    EXPECT_EQ(run, (Ids{top, 7, 8}));
    const auto size = files.info(folder / "train.bin").value().size_bytes;
    EXPECT_EQ(size, vocab_size == 65536 ? 12U : 24U);
  }
}

TEST(TokenShard, HoldsNothing) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(write_shard(folder / "empty", 10, {}));
  const auto shard = TokenShard::open(files, folder / "empty");
  ASSERT_TRUE(shard) << shard.error().message;
  EXPECT_EQ(shard.value().document_count(), 0U);
  EXPECT_EQ(shard.value().document_begin(0), 0U);
}

TEST(TokenShard, IsNotThereWithoutACommit) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  {
    auto writer = TokenShardWriter::create(files, folder / "train", 10);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer.value().add_document(Ids{1}));
  }
  EXPECT_EQ(TokenShard::open(files, folder / "train").error().code, Code::not_found);
  EXPECT_TRUE(files.list(folder.path()).value().empty());
}

TEST(TokenShard, AsksForThePrefixWhereItIsGivenAFile) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  ASSERT_TRUE(write_shard(folder / "train", 10, {{1}}));
  for (const char* name : {"train.bin", "train.idx"}) {
    const auto shard = TokenShard::open(files, folder / name);
    ASSERT_FALSE(shard);
    EXPECT_EQ(shard.error().code, Code::invalid_argument);
    EXPECT_TRUE(shard.error().message.ends_with("give the prefix, " + (folder / "train")))
        << shard.error().message;
  }
}

void overwrite(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

/// Opens the shard after one change of the index (or of the tokens).
Code code_after(const std::string& prefix, std::size_t at, char byte) {
  LocalFileSystem files;
  std::string index = read_file(files, prefix + ".idx").value();
  const std::string original = index;
  index[at] = byte;
  overwrite(prefix + ".idx", index);
  const auto shard = TokenShard::open(files, prefix);
  overwrite(prefix + ".idx", original);
  return shard ? Code::cancelled : shard.error().code;
}

TEST(TokenShard, RefusesAnIndexThatLies) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  const std::string prefix = folder / "train";
  ASSERT_TRUE(write_shard(prefix, 10, {{1, 2}, {3}}));
  EXPECT_EQ(code_after(prefix, 0, 'X'), Code::corrupt_data);          // magic
  EXPECT_EQ(code_after(prefix, 9, 2), Code::unsupported);             // version
  EXPECT_EQ(code_after(prefix, 17, 6), Code::unsupported);            // doubles
  EXPECT_EQ(code_after(prefix, 17, 4), Code::unsupported);            // offsets of two-byte ids
  EXPECT_EQ(code_after(prefix, 25, '\x7F'), Code::corrupt_data);      // too many sequences
  EXPECT_EQ(code_after(prefix, 26, 0), Code::corrupt_data);           // no boundary
  EXPECT_EQ(code_after(prefix, 33, '\x7F'), Code::corrupt_data);      // too many boundaries
  EXPECT_EQ(code_after(prefix, 34 + 3, '\x80'), Code::corrupt_data);  // a negative length
  EXPECT_EQ(code_after(prefix, 34 + 4, 9), Code::corrupt_data);       // longer than the tokens
  EXPECT_EQ(code_after(prefix, 34 + 8, 2), Code::unsupported);        // an offset with a gap
  EXPECT_EQ(code_after(prefix, 34 + 24 + 8, 5), Code::corrupt_data);  // documents out of order
  overwrite(prefix + ".bin", "12345");
  EXPECT_EQ(TokenShard::open(files, prefix).error().code, Code::corrupt_data);
}

TEST(TokenShard, RefusesEveryCutOfItsIndex) {
  const TemporaryFolder folder;
  LocalFileSystem files;
  const std::string prefix = folder / "train";
  ASSERT_TRUE(write_shard(prefix, 10, {{1, 2}, {3}}));
  const std::string index = read_file(files, prefix + ".idx").value();
  for (std::size_t size = 0; size < index.size(); ++size) {
    overwrite(prefix + ".idx", index.substr(0, size));
    EXPECT_FALSE(TokenShard::open(files, prefix)) << size;
  }
}

}  // namespace
}  // namespace aludel::io
