// The three dedup layers, fitted and applied.
#include <string>

#include "tests/fitted_layer.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::curate {
namespace {

std::string prose(std::uint64_t item, int words) {
  Rng rng(77, item);
  std::string text;
  for (int i = 0; i < words; ++i) {
    text += (i == 0 ? "" : " ") + ("w" + std::to_string(rng.below(100'000)));
  }
  return text;
}

Document with_quality(std::string id, std::string text, double quality) {
  Document document = document_of(std::move(id), std::move(text));
  document.annotations["quality"]["score"] = quality;
  return document;
}

TEST(MinhashDedup, DropsAllButTheBestAndNamesTheCluster) {
  const std::string text = prose(1, 300);
  for (const std::size_t shards : {1U, 2U, 4U}) {
    const auto judged = fit_and_judge(
        registered_layer("minhash_dedup"), Json::object(),
        {with_quality("a", text + " one tail", 0.2), with_quality("b", text + " other tail", 0.9),
         with_quality("c", prose(2, 300), 0.5), with_quality("d", "", 0.5)},
        shards);
    EXPECT_FALSE(judged.verdicts[0].keep);
    EXPECT_EQ(judged.verdicts[0].reason, "near_duplicate");
    EXPECT_GT(judged.verdicts[0].score, 0.8);
    EXPECT_TRUE(judged.verdicts[1].keep && judged.verdicts[2].keep && judged.verdicts[3].keep);
    EXPECT_EQ(judged.documents[0].cluster, "b");
    EXPECT_EQ(judged.documents[1].cluster, "b");
    EXPECT_EQ(judged.documents[2].cluster, "c");
    EXPECT_EQ(judged.documents[3].cluster, "d");
    for (const std::size_t of_cluster : {0U, 1U}) {
      const Json* notes = judged.documents[of_cluster].annotations.find("minhash_dedup");
      EXPECT_EQ(notes->dump(), R"({"kept":"b"})");
    }
    EXPECT_EQ(judged.documents[2].annotations.find("minhash_dedup"), nullptr);
  }
}

Code code_of_settings(std::string_view layer, std::string_view json) {
  io::LocalFileSystem files;
  Threads threads(1);
  return registered_layer(layer)
      .make(parse_json(json).value(), {files, "", 1, threads})
      .error()
      .code;
}

TEST(MinhashDedup, RefusesSettingsWithoutSense) {
  EXPECT_EQ(code_of_settings("minhash_dedup", R"({"bands": 0})"), Code::invalid_argument);
  EXPECT_EQ(code_of_settings("minhash_dedup", R"({"bands": 4294967296, "rows": 4294967296})"),
            Code::invalid_argument);
}

TEST(ExactDedup, RefusesSettingsWithoutSense) {
  EXPECT_EQ(code_of_settings("exact_dedup", R"({"min_words": -1})"), Code::invalid_argument);
  EXPECT_EQ(code_of_settings("exact_dedup", R"({"min_bytes": -1})"), Code::invalid_argument);
  EXPECT_EQ(code_of_settings("exact_dedup", R"({"min_kept_words": -1})"), Code::invalid_argument);
  EXPECT_EQ(code_of_settings("paragraph_dedup", R"({"min_kept_words": -1})"),
            Code::invalid_argument);
}

TEST(ParagraphDedup, CutsParagraphsThatStoodBefore) {
  const std::string shared = prose(3, 30);
  const std::string first = prose(4, 30) + "\n\n" + shared;
  const std::string second = prose(5, 40) + "\n\n" + shared + "\n\n" + prose(6, 40);
  for (const std::size_t shards : {1U, 2U, 3U}) {
    const auto judged =
        fit_and_judge(registered_layer("paragraph_dedup"), Json::object(),
                      {document_of("z", first), document_of("a", second),
                       document_of("m", fmt::format("{0}\n\n{1}\n\n{0}", shared, prose(7, 25))),
                       document_of("n", shared + "\n\n" + prose(7, 15))},
                      shards);
    EXPECT_EQ(judged.documents[0].text, first);
    EXPECT_EQ(judged.documents[1].text, prose(5, 40) + "\n\n" + prose(6, 40));
    EXPECT_TRUE(judged.verdicts[1].keep);
    EXPECT_NEAR(judged.verdicts[1].score, 30.0 / 110, 1e-9);
    EXPECT_EQ(judged.documents[2].text, prose(7, 25));
    EXPECT_TRUE(judged.verdicts[2].keep);
    const std::string fourth = shared + "\n\n" + prose(7, 15);
    EXPECT_EQ(judged.verdicts[3].reason, "mostly_duplicate_paragraphs") << "15 words are left";
    EXPECT_EQ(judged.documents[3].text, fourth) << "a rejected document keeps its text";
  }
}

TEST(ParagraphDedup, LeavesShortParagraphsAlone) {
  const auto judged = fit_and_judge(registered_layer("paragraph_dedup"), Json::object(),
                                    {document_of("a", "See also\n\n" + prose(8, 50)),
                                     document_of("b", "See also\n\n" + prose(9, 50))});
  EXPECT_EQ(judged.documents[1].text, "See also\n\n" + prose(9, 50));
  EXPECT_TRUE(judged.verdicts[1].keep);
}

TEST(ParagraphDedup, DropsADocumentOfWhichNothingIsNew) {
  std::string page = prose(10, 30);
  for (std::uint64_t i = 0; i < 20; ++i) {
    page += "\n" + prose(20 + i, 8);
  }
  const auto judged =
      fit_and_judge(registered_layer("paragraph_dedup"), Json::object(),
                    {document_of("a", page), document_of("b", page + "\n" + prose(11, 9)),
                     document_of("c", page + "\n" + prose(12, 90))});
  EXPECT_TRUE(judged.verdicts[0].keep);
  EXPECT_EQ(judged.verdicts[1].reason, "mostly_duplicate_paragraphs");
  EXPECT_NEAR(judged.verdicts[1].score, 190.0 / 199, 1e-9);
  EXPECT_TRUE(judged.verdicts[2].keep);
}

TEST(ExactDedup, DropsCopiesAndOlderCaptures) {
  std::vector<Document> documents = {document_of("a", prose(1, 60)), document_of("b", prose(1, 60)),
                                     document_of("c", prose(2, 60)),
                                     document_of("d", prose(3, 60))};
  documents[2].url = "http://example.org/p?utm_source=x";
  documents[2].date = "2023-01-01T00:00:00Z";
  documents[3].url = "https://www.example.org/p";
  documents[3].date = "2024-01-01T00:00:00Z";
  documents[2].kind = documents[3].kind = "web";
  const auto judged = fit_and_judge(registered_layer("exact_dedup"), Json::object(), documents, 2);
  EXPECT_TRUE(judged.verdicts[0].keep);
  EXPECT_EQ(judged.verdicts[1].reason, "duplicate");
  EXPECT_EQ(judged.documents[1].annotations.find("exact_dedup")->string_or("of", ""), "a");
  EXPECT_EQ(judged.verdicts[2].reason, "duplicate_url");
  EXPECT_TRUE(judged.verdicts[3].keep);
}

TEST(ExactDedup, KeepsDocumentsOfOtherKindsWithOneAddress) {
  std::vector<Document> documents = {document_of("a", prose(1, 60)),
                                     document_of("b", prose(2, 60))};
  for (Document& document : documents) {
    document.url = "https://example.org/set";
    document.kind = "open";
  }
  const auto judged = fit_and_judge(registered_layer("exact_dedup"), Json::object(), documents);
  EXPECT_TRUE(judged.verdicts[0].keep && judged.verdicts[1].keep);
}

TEST(ExactDedup, CutsLongRunsOnWordBoundariesInAnyScript) {
  const std::string shared = prose(4, 60);
  std::string han;
  for (int i = 0; i < 60; ++i) {
    han += std::string("天地玄黄宇宙洪荒日月").substr(static_cast<std::size_t>(i % 10) * 3, 3);
    han += i % 7 == 0 ? "盈" : "";
  }
  const auto judged = fit_and_judge(
      registered_layer("exact_dedup"), Json::object(),
      {document_of("a", "Start. " + shared + " End."),
       document_of("b", prose(5, 80) + ".\n" + shared + " and, then (" + prose(6, 30) + ")"),
       document_of("c", han), document_of("d", prose(8, 90) + " 前言" + han + "后记")},
      2);
  EXPECT_EQ(judged.documents[0].text, "Start. " + shared + " End.");
  EXPECT_EQ(judged.documents[1].text, prose(5, 80) + ".\nand, then (" + prose(6, 30) + ")");
  EXPECT_EQ(judged.documents[3].text, prose(8, 90) + " 前言后记");
}

TEST(ExactDedup, DropsADocumentOfWhichLittleIsLeft) {
  const auto judged = fit_and_judge(
      registered_layer("exact_dedup"), Json::object(),
      {document_of("a", prose(1, 200)), document_of("b", prose(1, 200) + " and a tail"),
       document_of("c", prose(2, 30))});
  EXPECT_EQ(judged.verdicts[1].reason, "mostly_repeated");
  EXPECT_NEAR(judged.verdicts[1].score, 200.0 / 203, 1e-9);
  EXPECT_TRUE(judged.verdicts[2].keep);
}

}  // namespace
}  // namespace aludel::curate
