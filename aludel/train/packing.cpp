#include "aludel/train/packing.h"

#include <algorithm>
#include <numeric>

#include "aludel/base/check.h"
#include "aludel/base/rng.h"
#include "aludel/tensor/ops/ops.h"

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
  batch.labels.insert(batch.labels.end(), length, tensor::kNoLabel);
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
  start_epoch(row / rows_per_epoch());
  std::uint64_t at = row % rows_per_epoch() * row_tokens_;
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
      batch.labels.push_back(example.is_reply[i + 1] ? example.ids[i + 1] : tensor::kNoLabel);
    }
    append_positions(batch, length);
    room -= length;
  }
  append_padding(batch, room, end_id_);
  batch.row_tokens = row_tokens_;
  ++batch.rows;
}

}  // namespace aludel::train
