#include "aludel/curate/run/spooled_corpus.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/curate/learn/own_ids.h"

namespace aludel::curate {
namespace {

TEST(SpooledCorpus, GivesDocumentsInTheirOrderByShardAndOnceMore) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  SpooledCorpus corpus(files, folder.path());
  for (int i = 0; i < 5; ++i) {
    Document document;
    document.id = std::to_string(i);
    document.text = std::string(9 << 20, 'x');  // two of them fill a shard
    ASSERT_TRUE(corpus.add(document));
  }
  ASSERT_TRUE(corpus.close());
  EXPECT_EQ(corpus.shards(), 3U);
  EXPECT_EQ(corpus.text_bytes(), std::uint64_t{5 * (9 << 20)});
  std::string ids;
  for (std::size_t shard = 0; shard < corpus.shards(); ++shard) {
    ASSERT_TRUE(corpus.read(shard, [&](const CorpusDocument& item) -> Status {
      ids += item.document.id + (item.place.document == 0 ? "|" : " ");
      return Ok{};
    }));
  }
  EXPECT_EQ(ids, "0|1 2|3 4|");
  Document document;
  std::string shards;
  while (corpus.next(document).value()) {
    shards += document.id + ":" + std::to_string(corpus.shard()) + " ";
  }
  EXPECT_EQ(shards, "0:0 1:0 2:1 3:1 4:2 ");
}

TEST(OwnIds, ComeBackInFindings) {
  OwnIds ids;
  const std::string mine = ids.packed("mine");
  EXPECT_EQ(mine.size(), 32U);
  EXPECT_EQ(ids.packed(mine), mine) << "the id of a run is its own";
  Json finding = Json::object();
  finding["id"] = mine;
  finding["cluster"] = 3;
  finding["kept"] = "nobody";
  EXPECT_EQ(ids.unpacked(finding).dump(), R"({"id":"mine","cluster":3,"kept":"nobody"})");
}

}  // namespace
}  // namespace aludel::curate
