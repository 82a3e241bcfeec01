#include "aludel/text/ngram_lm/token_baseline.h"

#include <cmath>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::text {
namespace {

using Ids = std::vector<std::int32_t>;

io::TokenShard shard_of(const std::string& prefix, const std::vector<Ids>& documents) {
  io::LocalFileSystem files;
  auto writer = io::TokenShardWriter::create(files, prefix, 100);
  for (const Ids& ids : documents) {
    EXPECT_TRUE(writer.value().add_document(ids));
  }
  EXPECT_TRUE(writer.value().commit());
  return std::move(io::TokenShard::open(files, prefix)).value();
}

TEST(TokenBaseline, GivesTheBitsComputedByHand) {
  const TemporaryFolder folder;
  Threads threads(1);
  // As KneserNey.GivesTheProbabilitiesComputedByHand, with ids one lower.
  const io::TokenShard train = shard_of(folder / "train", {{0, 1, 2}, {0, 0, 2}});
  const io::TokenShard valid = shard_of(folder / "valid", {{0, 1, 2}});
  const auto bigram = measure_token_baseline(train, valid, 2, 0, threads);
  ASSERT_TRUE(bigram) << bigram.error().message;
  const double p = 0.5 + 0.5 * (0.2 + 0.5 / 3);
  EXPECT_NEAR(bigram.value().bits, -std::log2(p * 0.3 * p), 1e-5);
  EXPECT_NEAR(bigram.value().bits_per_byte(6), bigram.value().bits / 6, 1e-12);
  EXPECT_EQ(bigram.value().train_tokens, 6U);
  EXPECT_EQ(bigram.value().valid_tokens, 3U);
  const auto unigram = measure_token_baseline(train, valid, 1, 0, threads);
  EXPECT_GT(unigram.value().bits, bigram.value().bits);
}

TEST(TokenBaseline, KnowsEveryIdOfTheHeldOutDocumentsAndKeepsToItsTokens) {
  const TemporaryFolder folder;
  Threads threads(2);
  const io::TokenShard train = shard_of(folder / "train", {{0, 1, 2}, {0, 0, 2}});
  const io::TokenShard valid = shard_of(folder / "valid", {{50, 1}, {}});
  const auto baseline = measure_token_baseline(train, valid, 2, 4, threads);
  ASSERT_TRUE(baseline);
  EXPECT_EQ(baseline.value().train_tokens, 3U);
  EXPECT_TRUE(std::isfinite(baseline.value().bits_per_token()));
  EXPECT_EQ(measure_token_baseline(train, valid, 0, 0, threads).error().code,
            Code::invalid_argument);
}

}  // namespace
}  // namespace aludel::text
