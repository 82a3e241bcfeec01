#include <algorithm>
#include <map>
#include <string>

#include "tests/fitted_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"
#include "aludel/curate/layers/shared/model_files.h"
#include "aludel/text/ngram_lm/text_lm.h"

namespace aludel::curate {
namespace {

/// Sentences of a small grammar, so that words predict the next.
std::string grammar_text(std::uint64_t item, int sentences, std::string_view prefix = "") {
  Rng rng(21, item);
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    const auto pick = [&](std::string_view kind, std::uint64_t count) {
      return std::string(prefix) + std::string(kind) +
             std::string(1, static_cast<char>('a' + rng.below(count))) + " ";
    };
    text += pick("the", 2) + pick("noun", 20) + pick("verb", 10) + pick("a", 2) + pick("noun", 20) +
            ".\n";
  }
  return text;
}

std::string words_shuffled(const std::string& text, std::uint64_t item) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  Rng rng(22, item);
  for (std::size_t i = words.size(); i > 1; --i) {
    std::swap(words[i - 1], words[rng.below(i)]);
  }
  std::string shuffled;
  for (std::size_t i = 0; i < words.size(); ++i) {
    shuffled += words[i] + (i % 12 == 11 ? "\n" : " ");
  }
  return shuffled;
}

class PerplexityLayerTest : public testing::Test {
 protected:
  PerplexityLayerTest() {
    Threads threads(1);
    io::LocalFileSystem files;
    text::TextLmSettings settings;
    settings.order = 3;
    settings.work_folder = models_ / "work";
    auto trainer = text::TextLmTrainer::create(files, threads, settings).value();
    for (std::uint64_t item = 1000; item < 1100; ++item) {
      EXPECT_TRUE(trainer.add_text(grammar_text(item, 20)));
    }
    EXPECT_TRUE(trainer.train(models_ / lm_file_name("en")));
    settings_["languages"].push_back("en");
    for (std::uint64_t i = 0; i < 60; ++i) {
      add(grammar_text(i, 15));
    }
  }

  void add(std::string text) {
    documents_.push_back(document_of(std::to_string(documents_.size()), std::move(text)));
    documents_.back().language = "en";
  }

  JudgedDocuments judged(std::size_t shards = 1) const {
    return fit_and_judge(registered_layer("perplexity"), settings_, documents_, shards,
                         models_.path());
  }

  TemporaryFolder models_;
  Json settings_ = Json::object();
  std::vector<Document> documents_;
};

TEST_F(PerplexityLayerTest, DropsWhatLiesFarAbove) {
  add(grammar_text(7, 15, "un"));  // words it does not know
  for (const std::size_t shards : {1U, 4U}) {
    const auto result = judged(shards);
    for (std::size_t i = 0; i < 60; ++i) {
      EXPECT_TRUE(result.verdicts[i].keep) << i;
    }
    EXPECT_EQ(result.verdicts[60].reason, "perplexity_high");
    EXPECT_GT(result.verdicts[60].score, 10 * result.verdicts[0].score);
  }
}

TEST_F(PerplexityLayerTest, DropsWordsInNoOrder) {
  add(words_shuffled(grammar_text(9, 30), 1));
  settings_["drop_share"] = 0;
  const auto result = judged();
  EXPECT_EQ(result.verdicts[60].reason, "no_word_order");
  EXPECT_GT(result.documents[0].annotations.find("perplexity")->number_or("order_gain", 0), 0.5);
}

TEST_F(PerplexityLayerTest, NamesPercentileAndBucketOfEachDocument) {
  const auto result = judged(3);
  std::map<std::string, int> buckets;
  std::vector<std::pair<double, std::int64_t>> order;
  for (const Document& document : result.documents) {
    const Json& annotation = *document.annotations.find("perplexity");
    const std::int64_t percentile = annotation.integer_or("percentile", 0);
    const std::string bucket = annotation.string_or("bucket", "");
    EXPECT_EQ(bucket, percentile <= 30 ? "head" : percentile <= 60 ? "middle" : "tail");
    ++buckets[bucket];
    order.emplace_back(annotation.number_or("perplexity", 0), percentile);
  }
  EXPECT_EQ(buckets, (std::map<std::string, int>{{"head", 18}, {"middle", 18}, {"tail", 24}}));
  std::ranges::sort(order);
  EXPECT_TRUE(std::ranges::is_sorted(order, {}, &std::pair<double, std::int64_t>::second));
  EXPECT_EQ(order.back().second, 99) << "the least percentile that the last of 60 reaches";
}

TEST_F(PerplexityLayerTest, StopsForALanguageWithoutAModel) {
  settings_["languages"].push_back("de");
  io::LocalFileSystem files;
  Threads threads(1);
  const LayerContext context{files, models_.path(), 1, threads};
  const auto missing = registered_layer("perplexity").make(settings_, context);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("aludel models build"), std::string::npos);

  Json english = Json::object();
  english["languages"].push_back("en");
  const auto layer = registered_layer("perplexity").make(english, context).value();
  Document german = document_of("x", "ein Text");
  german.language = "de";
  layer->measure(german);
  const TemporaryFolder state;
  const Status learned = run_plan(layer->learn(), {german}, {}, state.path());
  ASSERT_FALSE(learned);
  EXPECT_NE(learned.error().message.find("'de'"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
