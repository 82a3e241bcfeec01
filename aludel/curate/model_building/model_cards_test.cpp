// Tests that models say what they learned from, and where they judged languages that they had not
// learned.
#include "aludel/curate/model_building/model_cards.h"

#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

constexpr std::string_view kCard = R"({"role":"quality","sources":[
  {"path":["ref/debian-policy","ref/git-doc"],"language":"en","documents":40},
  {"path":["ref/novels"],"language":"zh","documents":2}],
  "held_out":{"area_under_curve":{"good":0.98,"bad":0.975}}})";

TEST(ModelCards, SayInOneLineWhatAModelLearntFromAndHowWellItDoes) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  folder.write("quality.classifier.card.json", kCard);
  folder.write("lm.en.ngram.card.json",
               R"({"role":"lm","language":"en","held_out":{"perplexity":310.5}})");
  const auto models = describe_models(files, {folder / "lm.en.ngram", folder / "quality.classifier",
                                              folder / "topic.classifier", folder / "words.txt"});
  ASSERT_EQ(models.size(), 3U) << "a list of words is no model";
  EXPECT_EQ(models[0].string_or("line", ""),
            "lm.en.ngram: learnt from sources that its card does not name; languages: en; held-out "
            "perplexity 310.5");
  EXPECT_EQ(models[1].string_or("line", ""),
            "quality.classifier: learnt from debian-policy, git-doc, novels (42 documents); "
            "languages: en zh; held-out AUC 0.975 or better on text of the same sources");
  EXPECT_EQ(models[2].string_or("line", ""), "topic.classifier: no card says what it learnt from");
}

TEST(ModelCards, CautionWhereALanguageWasJudgedThatNoModelOfTheLayerLearnt) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  folder.write("quality.classifier.card.json", kCard);
  const auto models = describe_models(files, {folder / "quality.classifier"});
  const Json layers = parse_json(R"([{"name":"quality","keep_rates":[
      {"group":"language:en","documents":900},{"group":"language:de","documents":99},
      {"group":"language:fr","documents":1},{"group":"script:Latn","documents":1000}]},
      {"name":"topic","keep_rates":[{"group":"language:de","documents":99}]}])")
                          .value();
  const std::vector<std::string> expected = {
      "layer quality judged languages that quality.classifier did not learn: de (99 documents)"};
  EXPECT_EQ(model_cautions(models, layers), expected);
}

TEST(ModelCards, OfAnyFormNeverEndARun) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  for (const char* card : {"", "[]", "null", R"({"sources":5,"held_out":[]})",
                           R"({"sources":[null,{"path":"x"}],"language":3})"}) {
    folder.write("topic.classifier.card.json", card);
    const auto models = describe_models(files, {folder / "topic.classifier"});
    ASSERT_EQ(models.size(), 1U);
    EXPECT_FALSE(models[0].string_or("line", "").empty());
    EXPECT_TRUE(model_cautions(models, Json()).empty());
  }
}

}  // namespace
}  // namespace aludel::curate
