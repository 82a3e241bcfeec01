#include <string>

#include "tests/fitted_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::curate {
namespace {

/// Words of a topic's own, of which `changed` in a hundred are new.
Document essay(std::string id, std::uint64_t topic, std::uint64_t item, std::uint64_t changed,
               double quality) {
  Rng words(topic, item);
  Rng changes(1000 + changed, topic);
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const std::string word = "t" + std::to_string(topic) + "x" + std::to_string(words.below(900));
    text += (changes.below(100) < changed ? "new" + std::to_string(i) : word) + " ";
  }
  Document document = document_of(std::move(id), std::move(text));
  document.language = "en";
  if (quality >= 0) document.annotations["quality"]["score"] = quality;
  return document;
}

TEST(SemanticLayer, KeepsTheBestOfNearCopies) {
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 30; ++i) {
    documents.push_back(essay("d" + std::to_string(i), i % 6, i, 0, 0.6));
  }
  documents.push_back(essay("copy", 2, 8, 4, 0.9));
  documents.push_back(essay("other", 2, 99, 0, 0.9));
  for (const std::size_t shards : {1U, 3U}) {
    const auto judged =
        fit_and_judge(registered_layer("semantic"), Json::object(), documents, shards);
    for (std::size_t i = 0; i < documents.size(); ++i) {
      EXPECT_EQ(judged.verdicts[i].keep, i != 8) << documents[i].id;
    }
    EXPECT_EQ(judged.verdicts[8].reason, "semantic_duplicate");
    EXPECT_EQ(judged.documents[8].annotations.find("semantic")->string_or("kept", ""), "copy");
  }
}

TEST(SemanticLayer, DropsClustersOfLowQuality) {
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 40; ++i) {
    documents.push_back(essay(std::to_string(i), i % 2, i, 0, i % 2 == 0 ? 0.9 : 0.06));
  }
  Json settings = Json::object();
  settings["clusters"] = 2;
  const auto judged = fit_and_judge(registered_layer("semantic"), settings, documents, 2);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(judged.verdicts[i].reason, i % 2 == 0 ? "" : "low_quality_cluster");
  }
}

TEST(SemanticLayer, NeedsNoQuality) {
  const auto judged =
      fit_and_judge(registered_layer("semantic"), Json::object(),
                    {essay("a", 1, 1, 0, -1), essay("b", 1, 2, 0, -1), document_of("empty", "")});
  EXPECT_TRUE(judged.verdicts[0].keep && judged.verdicts[1].keep && judged.verdicts[2].keep);
}

TEST(SemanticLayer, DropsDocumentsWithEvaluationItems) {
  const TemporaryFolder folder;
  io::LocalFileSystem files;
  const std::string item =
      "A train leaves at nine and travels at sixty miles an hour; when does it arrive?";
  ASSERT_TRUE(io::write_file(files, folder / "eval.jsonl", "{\"question\":\"" + item + "\"}\n"));
  Json settings = Json::object();
  settings["evaluation"].push_back(folder / "eval.jsonl");
  Document clean = essay("clean", 1, 1, 0, -1);
  Document dirty = essay("dirty", 2, 2, 0, -1);
  dirty.text += item + " And more.";
  const auto judged = fit_and_judge(registered_layer("semantic"), settings, {clean, dirty});
  EXPECT_TRUE(judged.verdicts[0].keep);
  EXPECT_EQ(judged.verdicts[1].reason, "contaminated");
  EXPECT_EQ(judged.documents[1].annotations.find("semantic")->string_or("evaluation", ""),
            folder / "eval.jsonl");
}

}  // namespace
}  // namespace aludel::curate
