#include "aludel/train/training_data.h"

#include <algorithm>
#include <numbers>

#include <fmt/format.h>

#include "aludel/tensor/ops/ops.h"
#include "aludel/train/conversations.h"
#include "aludel/train/model_tape.h"

namespace aludel::train {
namespace {

Result<std::unique_ptr<ShardDocuments>> open_shard(io::FileSystem& files, const std::string& prefix,
                                                   const text::Tokenizer& tokenizer) {
  auto documents =
      std::make_unique<ShardDocuments>(ALUDEL_TRY(io::TokenShard::open(files, prefix)));
  if (documents->count() == 0) {
    return Error{Code::corrupt_data, fmt::format("[train] {} has no documents", prefix)};
  }
  std::vector<std::int32_t> ids;
  for (std::size_t i = 0; i < documents->count(); ++i) {
    ids.resize(documents->length(i));
    documents->copy(i, 0, ids);
    if (ids.empty() || *std::ranges::max_element(ids) >= tokenizer.vocab_size() ||
        *std::ranges::min_element(ids) < 0) {
      return Error{Code::corrupt_data,
                   fmt::format("[train] {}: document {} is empty or has ids outside of the "
                               "tokenizer's {}: was it made with another tokenizer?",
                               prefix, i, tokenizer.vocab_size())};
    }
  }
  return documents;
}

}  // namespace

Result<std::unique_ptr<TrainingData>> TrainingData::open(const TrainConfig& config,
                                                         io::FileSystem& files,
                                                         const text::Tokenizer& tokenizer) {
  const auto end = tokenizer.end_id();
  if (!end) return Error{Code::unsupported, "[train] the tokenizer has no end-of-text id"};
  std::unique_ptr<TrainingData> data(new TrainingData(config, files, tokenizer));
  data->training_ = ALUDEL_TRY(data->read(config.data, DocumentOrder::shuffled, *end));
  if (!config.validation.empty()) {
    data->validation_ = ALUDEL_TRY(data->read(config.validation, DocumentOrder::stored, *end));
  }
  return data;
}

Result<TrainingData::DataSet> TrainingData::read(const std::string& path, DocumentOrder order,
                                                 std::int32_t end_id) const {
  const auto row_tokens = static_cast<std::size_t>(config_.row_tokens);
  const auto seed = static_cast<std::uint64_t>(config_.seed);
  DataSet set;
  if (config_.stage == "sft") {
    set.examples = ALUDEL_TRY(read_conversations(files_, path, tokenizer_));
    set.rows = std::make_unique<ExampleRows>(set.examples, row_tokens, end_id, seed);
  } else {
    set.documents = ALUDEL_TRY(open_shard(files_, path, tokenizer_));
    set.rows = std::make_unique<PackedRows>(*set.documents, row_tokens, end_id, order, seed);
  }
  return set;
}

Validation TrainingData::validate(TrainModel& model, std::int64_t rows) {
  const auto all = static_cast<std::int64_t>(validation_.rows->rows_per_epoch());
  rows = rows == 0 ? all : std::min(rows, all);
  double nats = 0;
  std::uint64_t tokens = 0;
  std::uint64_t bytes = 0;
  for (std::int64_t first = 0; first < rows; first += config_.rows) {
    Batch batch;
    for (std::int64_t row = first; row < std::min(rows, first + config_.rows); ++row) {
      validation_.rows->append(static_cast<std::uint64_t>(row), batch);
    }
    nats += model.loss(batch).sum;
    for (const std::int32_t label : batch.labels) {
      if (label == tensor::kNoLabel) continue;
      ++tokens;
      if (!tokenizer_.is_special(label)) bytes += tokenizer_.surface(label).size();
    }
  }
  Validation found;
  found.loss = nats / static_cast<double>(std::max<std::uint64_t>(1, tokens));
  found.bits_per_byte =
      nats / std::numbers::ln2 / static_cast<double>(std::max<std::uint64_t>(1, bytes));
  return found;
}

Status TrainingData::copy_tokenizer(const std::string& folder) {
  const bool is_file = files_.info(config_.tokenizer).has_value();
  const std::string from = is_file ? io::folder_of(config_.tokenizer) : config_.tokenizer;
  for (const char* name : {"tokenizer.model", "tokenizer.json", "tokenizer_config.json"}) {
    auto bytes = io::read_file(files_, io::join_path(from, name));
    if (!bytes && bytes.error().code == Code::not_found) continue;
    ALUDEL_TRY(io::write_file(files_, io::join_path(folder, name), ALUDEL_TRY(std::move(bytes))));
  }
  return Ok{};
}

}  // namespace aludel::train
