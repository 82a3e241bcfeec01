#include "aludel/io/formats/token_shard/shuffle.h"

#include <algorithm>
#include <numeric>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::io {
namespace {

constexpr std::size_t kDocuments = 20'000;

std::vector<std::int32_t> document(std::size_t number) {
  Rng rng(3, number);
  std::vector<std::int32_t> ids(rng.below(30));
  for (std::int32_t& id : ids) {
    id = static_cast<std::int32_t>(rng.below(70'000));
  }
  ids.push_back(static_cast<std::int32_t>(number));
  return ids;
}

class TokenShuffling : public testing::Test {
 protected:
  /// The numbers of the documents in the order of the shard; each is checked to be whole.
  std::vector<std::size_t> shuffle(const std::string& name, std::uint64_t seed) {
    auto shuffle = TokenShuffle::start(files_, folder_ / "shuffling", seed).value();
    for (std::size_t i = 0; i < kDocuments; ++i) {
      EXPECT_TRUE(shuffle.add_document(document(i)));
    }
    auto writer = TokenShardWriter::create(files_, folder_ / name, 70'000).value();
    EXPECT_TRUE(shuffle.write_to(writer));
    EXPECT_TRUE(writer.commit());
    const auto shard = TokenShard::open(files_, folder_ / name).value();
    std::vector<std::size_t> order;
    for (std::uint64_t i = 0; i < shard.document_count(); ++i) {
      const std::vector<std::int32_t> ids = shard.document(i);
      order.push_back(static_cast<std::size_t>(ids.back()));
      EXPECT_EQ(ids, document(order.back()));
    }
    return order;
  }

  TemporaryFolder folder_;
  LocalFileSystem files_;
};

TEST_F(TokenShuffling, SortsByRandomKeysAsAReferenceInMemoryDoes) {
  const std::vector<std::size_t> order = shuffle("a", 7);
  std::vector<std::size_t> reference(kDocuments);
  std::iota(reference.begin(), reference.end(), 0U);
  std::ranges::stable_sort(reference, {}, [](std::size_t i) { return Rng(7, i).next(); });
  EXPECT_EQ(order, reference);
}

TEST_F(TokenShuffling, DependsOnTheSeedAlone) {
  const std::vector<std::size_t> order = shuffle("a", 7);
  EXPECT_EQ(shuffle("b", 7), order);
  EXPECT_EQ(read_file(files_, folder_ / "a.bin").value(),
            read_file(files_, folder_ / "b.bin").value());
  EXPECT_NE(shuffle("c", 8), order);
}

TEST_F(TokenShuffling, MovesDocumentsFarAndLeavesNoFile) {
  const std::vector<std::size_t> order = shuffle("a", 7);
  double moved = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    moved += std::abs(static_cast<double>(order[i]) - static_cast<double>(i));
  }
  // A uniform permutation moves a document by a third of the whole on average.
  EXPECT_NEAR(moved / static_cast<double>(kDocuments * kDocuments), 1.0 / 3, 0.01);
  EXPECT_FALSE(files_.list(folder_ / "shuffling").has_value());
}

}  // namespace
}  // namespace aludel::io
