#include "aludel/text/tokenizer/tokenize_corpus.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/io/formats/token_shard.h"
#include "aludel/text/tokenizer/bpe_trainer.h"
#include "aludel/text/tokenizer/held_out.h"
#include "aludel/text/tokenizer/shard_vocabulary.h"

namespace aludel::text {
namespace {

/// 300 documents in 100 clusters.
std::string rows() {
  std::string out;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Rng rng(5, i);
    Json row = Json::object();
    row["id"] = "d" + std::to_string(i);
    row["source"] = i % 2 == 0 ? "web" : "books";
    row["cluster"] = "c" + std::to_string(i % 100);
    row["text"] = "cluster " + std::to_string(i % 100) + std::string(rng.below(50), 'x') + " 中文";
    out += row.dump() + "\n";
  }
  return out;
}

Tokenizer tokenizer_of(const std::string& text) {
  WordCounts counts;
  counts.add_text(text);
  BpeTrainerConfig config;
  config.vocab_size = 420;
  return std::move(Tokenizer::make(train_bpe(counts, config).value())).value();
}

class TokenizeCorpus : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(io::write_file(files_, folder_ / "in.jsonl", rows())); }

  TokenizeReport run(const std::string& out, int thread_count, double holdout,
                     TokenOrder order = TokenOrder::shuffled) {
    Threads threads(thread_count);
    auto reader = CorpusReader::open(files_, {folder_ / "in.jsonl"});
    TokenizeConfig config;
    config.holdout = holdout;
    config.order = order;
    auto report =
        tokenize_corpus(files_, tokenizer_, reader.value(), folder_ / out, config, threads);
    EXPECT_TRUE(report) << (report ? "" : report.error().message);
    return std::move(report).value();
  }

  std::set<std::string> clusters_in(const std::string& prefix) {
    const auto shard = io::TokenShard::open(files_, folder_ / prefix);
    std::set<std::string> clusters;
    for (std::uint64_t i = 0; i < shard.value().document_count(); ++i) {
      std::vector<std::int32_t> ids = shard.value().document(i);
      EXPECT_EQ(ids.back(), tokenizer_.end_id());
      const std::string text = tokenizer_.decode(ids);
      clusters.insert(text.substr(8, text.find_first_not_of("0123456789", 8) - 8));
    }
    return clusters;
  }

  io::LocalFileSystem files_;
  TemporaryFolder folder_;
  Tokenizer tokenizer_ = tokenizer_of(rows());
};

TEST_F(TokenizeCorpus, HoldsOutWholeClusters) {
  const TokenizeReport report = run("out", 2, 0.3);
  const auto train = clusters_in("out/train");
  const auto valid = clusters_in("out/valid");
  EXPECT_EQ(train.size() + valid.size(), 100U);
  EXPECT_GT(valid.size(), 15U);
  EXPECT_LT(valid.size(), 45U);
  EXPECT_EQ(report.train.documents + report.valid.documents, 300U);
  EXPECT_EQ(report.valid.documents, 3 * valid.size());
}

TEST_F(TokenizeCorpus, CountsTokensAndBytesOfSplitsAndSources) {
  const TokenizeReport report = run("out", 1, 0.3);
  const auto train = io::TokenShard::open(files_, folder_ / "out/train");
  EXPECT_EQ(train.value().total_tokens(), report.train.tokens);
  const Json json = parse_json(io::read_file(files_, folder_ / "out/tokens.json").value()).value();
  const std::int64_t tokens = json.find("sources")->find("web")->integer_or("tokens", 0) +
                              json.find("sources")->find("books")->integer_or("tokens", 0);
  EXPECT_EQ(tokens, json.integer_or("tokens", 0));
  EXPECT_EQ(json.find("splits")->find("valid")->integer_or("bytes", 0),
            static_cast<std::int64_t>(report.valid.bytes));
  std::uint64_t text_bytes = 0;
  auto reader = CorpusReader::open(files_, {folder_ / "in.jsonl"});
  for (const CorpusDocument& document : reader.value().next_batch().value()) {
    text_bytes += document.text.size();
  }
  EXPECT_EQ(report.train.bytes + report.valid.bytes, text_bytes);
}

TEST_F(TokenizeCorpus, WritesTheSameFilesForAnyNumberOfThreads) {
  run("one", 1, 0.1);
  run("seven", 7, 0.1);
  for (const char* name : {"train.bin", "train.idx", "valid.bin", "valid.idx", "tokens.json"}) {
    EXPECT_EQ(io::read_file(files_, folder_ / (std::string("one/") + name)).value(),
              io::read_file(files_, folder_ / (std::string("seven/") + name)).value());
  }
}

TEST_F(TokenizeCorpus, ShufflesTheDocumentsUnlessToldNotTo) {
  run("shuffled", 2, 0);
  run("read", 2, 0, TokenOrder::read);
  std::vector<std::vector<std::int32_t>> documents[2];
  for (const int i : {0, 1}) {
    const char* names[] = {"shuffled/train", "read/train"};
    const auto shard = io::TokenShard::open(files_, folder_ / names[i]).value();
    for (std::uint64_t document = 0; document < shard.document_count(); ++document) {
      documents[i].push_back(shard.document(document));
    }
  }
  EXPECT_NE(documents[0], documents[1]);
  EXPECT_EQ(tokenizer_.decode(documents[1][1]).substr(0, 9), "cluster 1") << "as it was read";
  std::ranges::sort(documents[0]);
  std::ranges::sort(documents[1]);
  EXPECT_EQ(documents[0], documents[1]);
  EXPECT_FALSE(files_.list(folder_ / "shuffled/shuffling-train").has_value());
}

TEST_F(TokenizeCorpus, TellsBeforeTheWorkThatFinishedTokensWereMadeOtherwise) {
  run("out", 1, 0.1);
  TokenizeConfig config;
  config.holdout = 0.1;
  const std::string out = folder_ / "out";
  EXPECT_TRUE(check_finished_tokens(files_, tokenizer_, out, config));
  EXPECT_TRUE(check_finished_tokens(files_, tokenizer_, folder_ / "nothing", config));
  config.seed = 2;
  config.order = TokenOrder::read;
  const Status settings = check_finished_tokens(files_, tokenizer_, out, config);
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find("seed: 1 -> 2, order: \"shuffled\" -> \"read\""),
            std::string::npos)
      << settings.error().message;
  config = {};
  config.holdout = 0.1;
  EXPECT_FALSE(
      check_finished_tokens(files_, tokenizer_of("another text of other words"), out, config));
  ASSERT_TRUE(io::write_file(files_, folder_ / "out/tokens.json", "{\"documents\":1}"));
  EXPECT_FALSE(check_finished_tokens(files_, tokenizer_, out, config)) << "of an older version";
}

TEST_F(TokenizeCorpus, KnowsItsTokenizerByTheVocabulary) {
  run("out", 1, 0.1);
  const Tokenizer other = tokenizer_of("some other text, and its words are others, too");
  for (const std::string& prefix : {folder_ / "out/train", folder_ / "out/valid"}) {
    EXPECT_TRUE(check_shard_vocabulary(files_, prefix, tokenizer_, "tok"));
    const Status status = check_shard_vocabulary(files_, prefix, other, "llama2");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_NE(status.error().message.find("not with llama2"), std::string::npos);
  }
  std::filesystem::copy_file(folder_ / "out/train.bin", folder_ / "out/older.bin");
  EXPECT_TRUE(check_shard_vocabulary(files_, folder_ / "out/older", other, "llama2"))
      << "tokens.json tells nothing of that shard: a warning";
  ASSERT_TRUE(files_.remove(folder_ / "out/tokens.json"));
  EXPECT_TRUE(check_shard_vocabulary(files_, folder_ / "out/train", other, "llama2"));
}

TEST(TokenizerName, IsTheFolderThatAReaderKnowsItBy) {
  EXPECT_EQ(tokenizer_name("runs/llama2/"), "llama2");
  EXPECT_EQ(tokenizer_name("runs/llama2/tokenizer.model"), "llama2");
  EXPECT_EQ(tokenizer_name("tokenizer.json"), "tokenizer");
  EXPECT_EQ(tokenizer_name("runs/mine.model"), "mine.model");
}

/// `count` words of a language of its own.
std::string words_from(std::uint64_t first, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "w" + std::to_string(first + static_cast<std::uint64_t>(i)) + " ";
  }
  return text;
}

TEST(HeldOut, KnowsWhatShareOfADocumentWasSeen) {
  HeldOut held_out;
  held_out.add(words_from(0, 100));
  held_out.add(words_from(1000, 100));
  held_out.add(words_from(0, 100));  // the same words once more
  held_out.add("too few words");
  held_out.finish();
  held_out.see("Before it. " + words_from(0, 56) + "Behind it.");
  EXPECT_EQ(held_out.documents(), 4U);
  EXPECT_DOUBLE_EQ(held_out.seen(0), 44.0 / 88);
  EXPECT_EQ(held_out.seen(1), 0);
  EXPECT_DOUBLE_EQ(held_out.seen(2), 44.0 / 88);
  EXPECT_EQ(held_out.seen(3), 0);
}

TEST(HeldOut, KeepsAShareOfTheRunsWhereThereAreMany) {
  HeldOut held_out;
  std::string all;
  for (std::uint64_t i = 0; i < 10; ++i) {
    const std::string text = words_from(i * 2'000'000, 1'000'000);
    held_out.add(text);
    if (i == 3) all = text;
  }
  held_out.finish();
  held_out.see(all);
  EXPECT_EQ(held_out.seen(3), 1);
  EXPECT_EQ(held_out.seen(4), 0);
}

// A fortune inside a book is no document that a model has not seen.
TEST_F(TokenizeCorpus, HoldsOutNothingThatStandsInsideWhatIsLearnt) {
  std::string rows;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Json row = Json::object();
    row["id"] = "short" + std::to_string(i);
    row["text"] = words_from(i * 100, 40);
    rows += row.dump() + "\n";
  }
  Json book = Json::object();
  book["id"] = "book";
  book["text"] = words_from(0, 10'000);  // holds the first hundred
  rows += book.dump() + "\n";
  ASSERT_TRUE(io::write_file(files_, folder_ / "in.jsonl", rows));
  const TokenizeReport report = run("contained", 2, 0.3);
  EXPECT_GT(report.moved, 15U);
  EXPECT_GT(report.valid.documents, 15U);
  EXPECT_EQ(report.train.documents + report.valid.documents, 201U);
  const auto valid = io::TokenShard::open(files_, folder_ / "contained/valid").value();
  EXPECT_EQ(valid.document_count(), report.valid.documents);
  for (std::uint64_t i = 0; i < valid.document_count(); ++i) {
    const std::string text = tokenizer_.decode(valid.document(i));
    EXPECT_GE(std::stoi(text.substr(text.find('w') + 1)), 10'000) << text.substr(0, 40);
  }
  EXPECT_FALSE(files_.info(folder_ / "contained/held-out.bin"));
  EXPECT_EQ(run("again", 1, 0.3).to_json().dump(), report.to_json().dump());
}

}  // namespace
}  // namespace aludel::text
