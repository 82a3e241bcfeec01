#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/json.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/text/tokenizer/bpe_trainer.h"
#include "aludel/text/tokenizer/sentencepiece_file.h"
#include "aludel/text/tokenizer/tokenizer.h"
#include "aludel/train/trainer.h"

// Training runs on a small text.
namespace aludel::train {

namespace fs = std::filesystem;

inline constexpr const char* kText = "the cat sat on the mat and the dog sat on the cat and so on ";

/// A tokenizer and two shards of a small text, and a config that trains on them in a second.
class TrainingRun : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "tokenizer");
    text::WordCounts words;
    for (int i = 0; i < 20; ++i) {
      words.add_text(kText);
    }
    text::BpeTrainerConfig trainer;
    trainer.vocab_size = 400;
    auto trained = text::train_bpe(words, trainer);
    ASSERT_TRUE(trained.has_value()) << trained.error().message;
    auto model = std::move(trained).value();
    ASSERT_TRUE(io::write_file(files_, folder_ / "tokenizer/tokenizer.model",
                               text::write_sentencepiece(model))
                    .has_value());
    const auto tokenizer = text::Tokenizer::make(std::move(model)).value();
    for (const char* split : {"train", "valid"}) {
      auto shard =
          io::TokenShardWriter::create(files_, folder_ / split, tokenizer.vocab_size()).value();
      for (int i = 0; i < 30; ++i) {
        auto ids = tokenizer.encode(kText);
        ids.push_back(tokenizer.end_id().value());
        ASSERT_TRUE(shard.add_document(ids).has_value());
      }
      ASSERT_TRUE(shard.commit().has_value());
    }
    std::ofstream(folder_ / "chat.jsonl")
        << R"({"messages":[{"role":"user","content":"cat"},{"role":"assistant","content":"sat <|im_end|>"}]})"
        << "\n";
  }

  TrainConfig config(const std::string& out) {
    TrainConfig config;
    config.out = folder_ / out;
    config.tokenizer = folder_ / "tokenizer";
    config.data = folder_ / "train";
    config.validation = folder_ / "valid";
    config.steps = 8;
    config.rows = 2;
    config.row_tokens = 32;
    config.evaluate_every = 4;
    config.checkpoint_every = 2;
    config.schedule.warmup_steps = 2;
    config.schedule.peak = 1e-2;
    config.shape.blocks = 2;
    config.shape.width = 32;
    config.shape.inner_width = 64;
    config.shape.heads = 4;
    config.shape.kv_heads = 2;
    return config;
  }

  Status run(const TrainConfig& config, int thread_count,
             io::Existing existing = io::Existing::keep) {
    return run_on(files_, config, thread_count, existing);
  }

  static Status run_on(io::FileSystem& files, const TrainConfig& config, int thread_count,
                       io::Existing existing = io::Existing::keep) {
    Threads threads(thread_count);
    return train(config, {files, threads, choose_isa("").value(), existing});
  }

  /// A config that trains on conversations, from the model in base/.
  TrainConfig tuning_config(const std::string& out) {
    TrainConfig tuned = config(out);
    tuned.stage = "sft";
    tuned.data = folder_ / "chat.jsonl";
    tuned.validation = "";
    tuned.init = folder_ / "base/model";
    return tuned;
  }

  Json summary(const std::string& out) {
    return parse_json(io::read_file(files_, folder_ / out / "train.json").value()).value();
  }

  std::string weights(const std::string& out) {
    std::ostringstream bytes;
    bytes << std::ifstream(folder_ / out / "model/model.safetensors", std::ios::binary).rdbuf();
    return bytes.str();
  }

  TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
  io::LocalFileSystem files_;
};

}  // namespace aludel::train
