#include "aludel/train/packing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "aludel/train/batch.h"

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
  EXPECT_EQ(batch.labels, (std::vector<std::int32_t>{10, 11, 2, 20, 21, 22, 23, 2, 2, kNoLabel,
                                                     kNoLabel, kNoLabel}));
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
      if (label != kNoLabel) ++seen[label];
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
  EXPECT_EQ(batch.labels, (std::vector<std::int32_t>{kNoLabel, 31, 7, kNoLabel, kNoLabel}));
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

TEST(ExampleRows, LeaveOutExamplesWithoutATargetAndCountThoseThatAreCut) {
  std::vector<Example> examples = {
      {{1, 2, 3, 4, 5, 6}, {false, false, false, false, true, true}},  // target 4 of a row
      {{1, 2, 3}, {false, true, true}},
      {{1, 2, 3, 4, 5, 6}, {false, true, false, false, false, true}}};
  const ExampleFit fit = fit_examples(examples, 3);
  EXPECT_EQ(examples.size(), 2U);
  EXPECT_EQ(fit.without_target, 1U);
  EXPECT_EQ(fit.cut, 1U);
  EXPECT_EQ(fit.fewest_row_tokens, 1U);
  examples = {{{1, 2, 3, 4, 5, 6}, {false, false, false, false, true, true}}};
  EXPECT_EQ(fit_examples(examples, 3).fewest_row_tokens, 4U);
  EXPECT_TRUE(examples.empty());
  examples = {{{1, 2, 3, 4, 5, 6}, {false, false, false, false, true, true}}};
  EXPECT_EQ(fit_examples(examples, 4).without_target, 0U);
}

TEST(Permuted, PutsEachIndexAtOnePlaceOfItsOwn) {
  for (std::uint64_t count = 1; count < 70; ++count) {
    std::set<std::uint64_t> places;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t place = permuted(i, count, 7);
      EXPECT_LT(place, count);
      places.insert(place);
    }
    EXPECT_EQ(places.size(), count);
  }
  EXPECT_LT(permuted(5, std::uint64_t{1} << 40, 1), std::uint64_t{1} << 40);
}

TEST(Permuted, SpreadsNeighboursAndChangesWithTheKey) {
  constexpr std::uint64_t kCount = 1000;
  std::uint64_t moved = 0;
  double distance = 0;
  for (std::uint64_t i = 0; i + 1 < kCount; ++i) {
    if (permuted(i, kCount, 1) != permuted(i, kCount, 2)) ++moved;
    distance += std::abs(static_cast<double>(permuted(i, kCount, 1)) -
                         static_cast<double>(permuted(i + 1, kCount, 1)));
  }
  EXPECT_GT(moved, 980U);
  EXPECT_NEAR(distance / kCount, kCount / 3.0, 30);  // of two places drawn at random
}

TEST(PackedRows, SpreadALongDocumentOverTheWholeEpoch) {
  constexpr std::size_t kLongRow = 16;
  constexpr std::size_t kRowsOfAStep = 4;
  std::vector<std::vector<std::int32_t>> texts(400, std::vector<std::int32_t>(kLongRow, 10));
  texts.emplace_back(kLongRow * 100, 50);  // a fifth of all tokens: 25 steps if read in one go
  for (auto& text : texts) {
    text.back() = kEnd;
  }
  const VectorDocuments documents(texts);
  PackedRows rows(documents, kLongRow, kEnd, DocumentOrder::shuffled, 3);
  const std::uint64_t steps = rows.rows_per_epoch() / kRowsOfAStep;
  std::size_t whole_steps = 0;
  std::size_t first_half = 0;
  std::size_t all = 0;
  for (std::uint64_t step = 0; step < steps; ++step) {
    Batch batch;
    for (std::uint64_t row = 0; row < kRowsOfAStep; ++row) {
      rows.append(step * kRowsOfAStep + row, batch);
    }
    const auto of_it = static_cast<std::size_t>(std::ranges::count(batch.labels, 50));
    if (of_it > batch.labels.size() * 9 / 10) ++whole_steps;
    if (step < steps / 2) first_half += of_it;
    all += of_it;
  }
  EXPECT_GT(all, 90 * kLongRow);
  EXPECT_LE(whole_steps, 2U) << "by chance .2^4 of 125 steps";
  EXPECT_NEAR(static_cast<double>(first_half) / static_cast<double>(all), 0.5, 0.15);
}

}  // namespace
}  // namespace aludel::train
