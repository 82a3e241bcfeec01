#include "aludel/train/packing.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "aludel/base/check.h"
#include "aludel/base/rng.h"
#include "aludel/train/batch.h"

namespace aludel::train {
namespace {

/// 0 … count-1 in an order that (seed, epoch) decides.
std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys(count);
  for (std::size_t i = 0; i < count; ++i) {
    keys[i] = {Rng(seed + epoch, i).next(), i};
  }
  std::ranges::sort(keys);
  std::vector<std::size_t> order(count);
  std::ranges::transform(keys, order.begin(), [](const auto& key) { return key.second; });
  return order;
}

void append_positions(Batch& batch, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i) {
    batch.positions.push_back(static_cast<std::int32_t>(i));
  }
  batch.pieces.push_back(static_cast<std::int32_t>(length));
}

/// Fills the rest of a row with a piece that carries no loss.
void append_padding(Batch& batch, std::size_t length, std::int32_t id) {
  if (length == 0) return;
  batch.ids.insert(batch.ids.end(), length, id);
  batch.labels.insert(batch.labels.end(), length, kNoLabel);
  append_positions(batch, length);
}

}  // namespace

PackedRows::PackedRows(const TokenDocuments& documents, std::size_t row_tokens, std::int32_t end_id,
                       DocumentOrder order, std::uint64_t seed)
    : documents_(documents),
      row_tokens_(row_tokens),
      end_id_(end_id),
      order_(order),
      seed_(seed),
      starts_(documents.count()) {
  ALUDEL_CHECK(documents.count() > 0 && row_tokens > 0, "nothing to pack");
  for (std::size_t i = 0; i < documents.count(); ++i) {
    ALUDEL_CHECK(documents.length(i) > 0, "an empty document");
    tokens_ += documents.length(i);
  }
}

std::uint64_t PackedRows::rows_per_epoch() {
  return (tokens_ + row_tokens_ - 1) / row_tokens_;
}

void PackedRows::start_epoch(std::uint64_t epoch) {
  if (epoch == epoch_) return;
  epoch_ = epoch;
  if (order_ == DocumentOrder::shuffled) {
    sequence_ = shuffled(documents_.count(), seed_, epoch);
  } else {
    sequence_.resize(documents_.count());
    std::iota(sequence_.begin(), sequence_.end(), 0U);
  }
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < sequence_.size(); ++i) {
    starts_[i] = start;
    start += documents_.length(sequence_[i]);
  }
}

void PackedRows::append(std::uint64_t row, Batch& batch) {
  const std::uint64_t rows = rows_per_epoch();
  start_epoch(row / rows);
  std::uint64_t at = row % rows;
  if (order_ == DocumentOrder::shuffled) at = permuted(at, rows, Rng(seed_, epoch_).next());
  at *= row_tokens_;
  std::size_t room = row_tokens_;
  auto place =
      static_cast<std::size_t>(std::ranges::upper_bound(starts_, at) - starts_.begin()) - 1;
  for (; room > 0 && place < sequence_.size(); ++place) {
    const std::size_t document = sequence_[place];
    const std::size_t first = at - starts_[place];
    const std::size_t length = std::min(room, documents_.length(document) - first);
    const std::size_t begin = batch.labels.size();
    batch.labels.resize(begin + length);
    const auto labels = std::span(batch.labels).subspan(begin);
    documents_.copy(document, first, labels);
    std::int32_t before = end_id_;
    if (first > 0) documents_.copy(document, first - 1, {&before, 1});
    batch.ids.push_back(before);
    batch.ids.insert(batch.ids.end(), labels.begin(), labels.end() - 1);
    append_positions(batch, length);
    at += length;
    room -= length;
  }
  append_padding(batch, room, end_id_);
  batch.row_tokens = row_tokens_;
  ++batch.rows;
}

ExampleFit fit_examples(std::vector<Example>& examples, std::size_t row_tokens) {
  ExampleFit fit;
  std::erase_if(examples, [&](const Example& example) {
    const auto first = std::ranges::find(example.is_reply, true);
    const auto needed = static_cast<std::size_t>(first - example.is_reply.begin());
    if (fit.fewest_row_tokens == 0 || needed < fit.fewest_row_tokens) {
      fit.fewest_row_tokens = needed;
    }
    if (first == example.is_reply.end() || needed > row_tokens) {
      ++fit.without_target;
      return true;
    }
    if (example.ids.size() - 1 > row_tokens) ++fit.cut;
    return false;
  });
  return fit;
}

std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key) {
  ALUDEL_CHECK(index < count, "an index of the order");
  constexpr int kRounds = 6;
  const int half = std::max(1, (static_cast<int>(std::bit_width(count - 1)) + 1) / 2);
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = index >> half;
    std::uint64_t right = index & mask;
    for (int round = 0; round < kRounds; ++round) {
      const std::uint64_t mixed = Rng(key + static_cast<std::uint64_t>(round), right).next() & mask;
      left = std::exchange(right, left ^ mixed);
    }
    index = left << half | right;
  } while (index >= count);
  return index;
}

ExampleRows::ExampleRows(std::span<const Example> examples, std::size_t row_tokens,
                         std::int32_t end_id, std::uint64_t seed)
    : examples_(examples), row_tokens_(row_tokens), end_id_(end_id), seed_(seed) {
  ALUDEL_CHECK(!examples.empty() && row_tokens > 1, "nothing to pack");
}

std::uint64_t ExampleRows::rows_per_epoch() {
  if (epochs_packed_ == 0) pack_epoch();
  std::size_t seen = 0;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    seen += rows_[row].size();
    if (seen == examples_.size()) return row + 1;
  }
  return rows_.size();
}

void ExampleRows::pack_epoch() {
  std::size_t room = 0;
  for (const std::size_t example : shuffled(examples_.size(), seed_, epochs_packed_)) {
    const std::size_t length = std::min(row_tokens_, examples_[example].ids.size() - 1);
    if (length > room) {
      rows_.emplace_back();
      room = row_tokens_;
    }
    rows_.back().push_back(example);
    room -= length;
  }
  ++epochs_packed_;
}

void ExampleRows::append(std::uint64_t row, Batch& batch) {
  while (rows_.size() <= row)
    pack_epoch();
  std::size_t room = row_tokens_;
  for (const std::size_t index : rows_[row]) {
    const Example& example = examples_[index];
    const std::size_t length = std::min(row_tokens_, example.ids.size() - 1);
    for (std::size_t i = 0; i < length; ++i) {
      batch.ids.push_back(example.ids[i]);
      batch.labels.push_back(example.is_reply[i + 1] ? example.ids[i + 1] : kNoLabel);
    }
    append_positions(batch, length);
    room -= length;
  }
  append_padding(batch, room, end_id_);
  batch.row_tokens = row_tokens_;
  ++batch.rows;
}

}  // namespace aludel::train
