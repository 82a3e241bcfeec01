#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aludel/base/json.h"
#include "aludel/base/result.h"
#include "aludel/io/file_system.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/text/chat_template.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/train/packing.h"
#include "aludel/train/train_config.h"

namespace aludel::train {

class TrainModel;

/// A token shard as documents that can be packed.
class ShardDocuments final : public TokenDocuments {
 public:
  explicit ShardDocuments(io::TokenShard shard) : shard_(std::move(shard)) {}

  std::size_t count() const override { return shard_.document_count(); }

  std::size_t length(std::size_t document) const override {
    return shard_.document_begin(document + 1) - shard_.document_begin(document);
  }

  void copy(std::size_t document, std::size_t first, std::span<std::int32_t> out) const override {
    shard_.read(shard_.document_begin(document) + first, out);
  }

 private:
  io::TokenShard shard_;
};

/// Loss on held-out data in nats per token, and in bits per byte of the text: of none where the
/// targets are special ids alone.
struct Validation {
  double loss = 0;
  std::optional<double> bits_per_byte;
};

/// What a run trains on and is measured on.
class TrainingData {
 public:
  /// Reads the data through `files`, the held-out data through `validation_files`.
  /// Errors: those of reading; corrupt_data for a shard without documents or with ids outside of
  /// the tokenizer's vocabulary; invalid_argument for conversations of which none has a reply
  /// within row_tokens.
  static Result<std::unique_ptr<TrainingData>> open(const TrainConfig& config,
                                                    io::FileSystem& files,
                                                    io::FileSystem& validation_files,
                                                    const text::Tokenizer& tokenizer);

  RowSource& rows() { return *training_.rows; }

  bool has_validation() const { return validation_.rows != nullptr; }

  /// Loss on the first `rows` rows of the held-out data, on all of them if 0; of conversations, on
  /// the replies only. Bits per byte count the bytes of the text that these tokens decode to.
  Validation validate(TrainModel& model, std::int64_t rows);

  /// How many conversations there are to train on, how many of them are cut at row_tokens, and how
  /// many more were left out because that took every reply; null for token shards.
  const Json& conversations() const { return conversations_; }

  /// The template of conversations, "" where the tokenizer cannot chat.
  std::string_view chat_template() const {
    return text::can_chat(tokenizer_) ? text::kChatmlJinja : std::string_view();
  }

  /// Copies tokenizer.model, .json and _config.json, where they are, beside the weights.
  Status copy_tokenizer(const std::string& folder);

 private:
  // Rows and what they are packed from: documents of a token shard, or conversations.
  struct DataSet {
    std::unique_ptr<ShardDocuments> documents;
    std::vector<Example> examples;
    ExampleFit fit;
    std::unique_ptr<RowSource> rows;
  };

  Result<DataSet> read(io::FileSystem& files, const std::string& path, DocumentOrder order,
                       std::int32_t end_id) const;

  TrainingData(const TrainConfig& config, io::FileSystem& files, const text::Tokenizer& tokenizer)
      : config_(config), files_(files), tokenizer_(tokenizer) {}

  const TrainConfig& config_;
  io::FileSystem& files_;
  const text::Tokenizer& tokenizer_;
  DataSet training_;
  DataSet validation_;
  Json conversations_;
};

}  // namespace aludel::train
