#include "aludel/train/packing.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "aludel/tensor/ops/ops.h"

namespace aludel::train {
namespace {

constexpr std::int32_t kEnd = 2;

class VectorDocuments final : public TokenDocuments {
 public:
  explicit VectorDocuments(std::vector<std::vector<std::int32_t>> documents)
      : documents_(std::move(documents)) {}

  std::size_t count() const override { return documents_.size(); }

  std::size_t length(std::size_t document) const override { return documents_[document].size(); }

  void copy(std::size_t document, std::size_t first, std::span<std::int32_t> out) const override {
    std::copy_n(documents_[document].begin() + static_cast<std::ptrdiff_t>(first), out.size(),
                out.begin());
  }

 private:
  std::vector<std::vector<std::int32_t>> documents_;
};

TEST(PackedRows, PredictEveryIdOnceAndKeepDocumentsApart) {
  const VectorDocuments documents({{10, 11, kEnd}, {20, 21, 22, 23, kEnd}, {kEnd}});
  PackedRows rows(documents, 4, kEnd, DocumentOrder::stored, 1);
  EXPECT_EQ(rows.rows_per_epoch(), 3U);
  Batch batch;
  for (std::uint64_t row = 0; row < 3; ++row) {
    rows.append(row, batch);
  }
  EXPECT_EQ(batch.rows, 3U);
  EXPECT_EQ(batch.row_tokens, 4U);
  EXPECT_EQ(batch.ids, (std::vector<std::int32_t>{2, 10, 11, 2, 20, 21, 22, 23, 2, 2, 2, 2}));
  EXPECT_EQ(batch.labels,
            (std::vector<std::int32_t>{10, 11, 2, 20, 21, 22, 23, 2, 2, tensor::kNoLabel,
                                       tensor::kNoLabel, tensor::kNoLabel}));
  EXPECT_EQ(batch.positions, (std::vector<std::int32_t>{0, 1, 2, 0, 0, 1, 2, 3, 0, 0, 1, 2}));
  EXPECT_EQ(batch.pieces, (std::vector<std::int32_t>{3, 1, 4, 1, 3}));
}

TEST(PackedRows, ShuffleEachEpochAndGiveTheSameRowAgain) {
  std::vector<std::vector<std::int32_t>> texts;
  for (std::int32_t i = 0; i < 50; ++i) {
    texts.emplace_back(static_cast<std::size_t>(i % 7 + 1), 100 + i);
    texts.back().back() = kEnd;
  }
  const VectorDocuments documents(texts);
  PackedRows rows(documents, 16, kEnd, DocumentOrder::shuffled, 9);
  std::map<std::int32_t, int> expected;
  for (const auto& text : texts) {
    for (const std::int32_t id : text) {
      ++expected[id];
    }
  }
  std::vector<std::vector<std::int32_t>> epochs;
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    Batch batch;
    for (std::uint64_t row = 0; row < rows.rows_per_epoch(); ++row) {
      rows.append(epoch * rows.rows_per_epoch() + row, batch);
    }
    EXPECT_EQ(std::accumulate(batch.pieces.begin(), batch.pieces.end(), 0),
              static_cast<int>(batch.ids.size()));
    std::map<std::int32_t, int> seen;
    for (const std::int32_t label : batch.labels) {
      if (label != tensor::kNoLabel) ++seen[label];
    }
    EXPECT_EQ(seen, expected);
    epochs.push_back(batch.labels);
  }
  EXPECT_NE(epochs[0], epochs[1]);
  PackedRows again(documents, 16, kEnd, DocumentOrder::shuffled, 9);
  Batch late;
  again.append(rows.rows_per_epoch() + 3, late);
  EXPECT_TRUE(std::equal(late.labels.begin(), late.labels.end(), epochs[1].begin() + 48));
}

TEST(ExampleRows, TeachOnlyTheReply) {
  const std::vector<Example> examples = {{{6, 30, 31, 7}, {false, false, true, true}}};
  ExampleRows rows(examples, 5, kEnd, 1);
  Batch batch;
  rows.append(0, batch);
  EXPECT_EQ(batch.ids, (std::vector<std::int32_t>{6, 30, 31, 2, 2}));
  EXPECT_EQ(batch.labels, (std::vector<std::int32_t>{tensor::kNoLabel, 31, 7, tensor::kNoLabel,
                                                     tensor::kNoLabel}));
  EXPECT_EQ(batch.pieces, (std::vector<std::int32_t>{3, 2}));
  EXPECT_EQ(rows.rows_per_epoch(), 1U);
}

TEST(ExampleRows, CutWhatIsLongerThanARow) {
  const std::vector<Example> examples = {
      {std::vector<std::int32_t>(20, 5), std::vector<bool>(20, true)},
      {{1, 2, 3}, {true, true, true}}};
  ExampleRows rows(examples, 8, kEnd, 1);
  EXPECT_EQ(rows.rows_per_epoch(), 2U);
  Batch batch;
  rows.append(0, batch);
  rows.append(1, batch);
  rows.append(7, batch);
  EXPECT_EQ(batch.ids.size(), 24U);
  EXPECT_EQ(batch.labels.size(), 24U);
}

}  // namespace
}  // namespace aludel::train
