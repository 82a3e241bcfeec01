#include "aludel/text/classifier/examples.h"

#include <cstdio>
#include <numeric>

#include "tests/shared_data.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/base/hash.h"

namespace aludel::text {
namespace {

TEST(Examples, AreReadFromFieldsOfRows) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  ASSERT_TRUE(io::write_file(files, folder / "a.jsonl",
                             "{\"text\":\"x\",\"meta\":{\"topics\":\"b,a\"}}\n"
                             "{\"text\":\"y\",\"meta\":{\"topics\":7}}\n"));
  ExampleSettings settings;
  settings.label_field = "meta.topics";
  settings.label_separator = ",";
  const auto examples = read_examples(files, {folder / "a.jsonl"}, settings).value();
  ASSERT_EQ(examples.size(), 2U);
  EXPECT_EQ(examples[0].labels, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(examples[1].labels, (std::vector<std::string>{"7"}));
  EXPECT_EQ(labelled_texts(examples).size(), 3U);

  const auto missing = read_examples(files, {folder / "a.jsonl"}, {});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("line 1"), std::string::npos);
}

// 30 topics of short texts by GPT-3.5, up to three a text: chance is below 1 in 10.
TEST(Examples, OfTopicsAreLearnt) {
  const std::string train = shared_data("quality/topic_train.jsonl.gz");
  if (train.empty()) GTEST_SKIP() << "no shared data";
  io::LocalFileSystem files;
  ExampleSettings settings;
  settings.label_field = "metadata.topics";
  settings.label_separator = ",";
  const auto examples = read_examples(files, {train}, settings).value();
  const auto unseen =
      read_examples(files, {shared_data("quality/topic_dev.jsonl.gz")}, settings).value();
  ClassifierSettings few;
  few.epochs = 3;
  const Classifier model = Classifier::train(few, labelled_texts(examples), nullptr).value();
  const ClassifierScore score = measure(model, unseen);
  const double mean =
      std::accumulate(score.area_under_curve.begin(), score.area_under_curve.end(), 0.0) /
      static_cast<double>(model.labels().size());
  std::printf("accuracy %.3f, mean AUC of %zu labels %.3f\n", score.accuracy,
              score.area_under_curve.size(), mean);
  EXPECT_GT(score.accuracy, 0.85);
  EXPECT_GT(mean, 0.93);
}

// Web pages that people judged worth keeping or not: 4 of 5 train, the rest measures, five times.
TEST(Examples, OfHumanQualityJudgementsAreLearnt) {
  const std::string path = shared_data("quality/dclm_human_quality_a.jsonl");
  if (path.empty()) GTEST_SKIP() << "no shared data";
  io::LocalFileSystem files;
  const auto all = read_examples(files, {path}, {}).value();
  double sum = 0;
  for (std::uint64_t fold = 0; fold < 5; ++fold) {
    std::vector<Example> train;
    std::vector<Example> test;
    for (const Example& example : all) {
      (hash64(example.text) % 5 == fold ? test : train).push_back(example);
    }
    const Classifier model = Classifier::train({}, labelled_texts(train), nullptr).value();
    sum += measure(model, test).area_under_curve.at(1);
  }
  std::printf("mean AUC of 5 folds %.3f\n", sum / 5);
  EXPECT_GT(sum / 5, 0.82);
}

}  // namespace
}  // namespace aludel::text
