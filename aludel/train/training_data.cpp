#include "aludel/train/training_data.h"

#include <algorithm>
#include <numbers>

#include <fmt/format.h>

#include "aludel/base/check.h"
#include "aludel/base/log.h"
#include "aludel/train/batch.h"
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

/// Reads conversations, says how many of them row_tokens cuts, and leaves those out that it takes
/// every reply from.
Result<std::vector<Example>> read_examples(io::FileSystem& files, const std::string& path,
                                           const text::Tokenizer& tokenizer, std::size_t row_tokens,
                                           ExampleFit& fit) {
  auto examples = ALUDEL_TRY(read_conversations(files, path, tokenizer));
  const std::size_t count = examples.size();
  fit = fit_examples(examples, row_tokens);
  if (examples.empty()) {
    return Error{Code::invalid_argument,
                 fmt::format("[train] {}: none of {} conversations has a reply within row_tokens = "
                             "{}; at {} the first has",
                             path, count, row_tokens, fit.fewest_row_tokens)};
  }
  if (fit.cut + fit.without_target > 0) {
    log_warning(
        "train: {}: of {} conversations {} are longer than row_tokens = {}: {} are cut, {} "
        "have no reply left and are left out",
        path, count, fit.cut + fit.without_target, row_tokens, fit.cut, fit.without_target);
  }
  return examples;
}

}  // namespace

Result<std::unique_ptr<TrainingData>> TrainingData::open(const TrainConfig& config,
                                                         io::FileSystem& files,
                                                         io::FileSystem& validation_files,
                                                         const text::Tokenizer& tokenizer) {
  const auto end = tokenizer.end_id();
  if (!end) return Error{Code::unsupported, "[train] the tokenizer has no end-of-text id"};
  std::unique_ptr<TrainingData> data(new TrainingData(config, files, tokenizer));
  data->training_ = ALUDEL_TRY(data->read(files, config.data, DocumentOrder::shuffled, *end));
  if (config.stage == "sft") {
    Json& counted = data->conversations_ = Json::object();
    counted["trained_on"] = std::uint64_t{data->training_.examples.size()};
    counted["cut"] = std::uint64_t{data->training_.fit.cut};
    counted["left_out"] = std::uint64_t{data->training_.fit.without_target};
  }
  if (!config.validation.empty()) {
    data->validation_ =
        ALUDEL_TRY(data->read(validation_files, config.validation, DocumentOrder::stored, *end));
  }
  return data;
}

Result<TrainingData::DataSet> TrainingData::read(io::FileSystem& files, const std::string& path,
                                                 DocumentOrder order, std::int32_t end_id) const {
  const auto row_tokens = static_cast<std::size_t>(config_.row_tokens);
  const auto seed = static_cast<std::uint64_t>(config_.seed);
  DataSet set;
  if (config_.stage == "sft") {
    set.examples = ALUDEL_TRY(read_examples(files, path, tokenizer_, row_tokens, set.fit));
    set.rows = std::make_unique<ExampleRows>(set.examples, row_tokens, end_id, seed);
  } else {
    set.documents = ALUDEL_TRY(open_shard(files, path, tokenizer_));
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
      if (label == kNoLabel) continue;
      ++tokens;
      if (!tokenizer_.is_special(label)) bytes += tokenizer_.surface(label).size();
    }
  }
  ALUDEL_CHECK(tokens > 0, "every row has a target");
  Validation found;
  found.loss = nats / static_cast<double>(tokens);
  if (bytes > 0) found.bits_per_byte = nats / std::numbers::ln2 / static_cast<double>(bytes);
  return found;
}

Status TrainingData::copy_tokenizer(const std::string& folder) {
  for (const text::TokenizerFile& file :
       ALUDEL_TRY(text::Tokenizer::files_of(files_, config_.tokenizer))) {
    ALUDEL_TRY(io::write_file(files_, io::join_path(folder, file.name),
                              ALUDEL_TRY(io::read_file(files_, file.path))));
  }
  return Ok{};
}

}  // namespace aludel::train
