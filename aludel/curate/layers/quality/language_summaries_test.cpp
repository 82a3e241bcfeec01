#include "aludel/curate/layers/quality/language_summaries.h"

#include <gtest/gtest.h>

namespace aludel::curate::quality {
namespace {

Document scored(std::string text, double score) {
  Document document;
  document.language = score < 0.5 ? "en" : "zh";
  document.text = std::move(text);
  document.annotations["quality"]["score"] = score;
  return document;
}

TEST(LanguageSummaries, AreTheSameWhetherSummedUpAtOnceOrByRows) {
  LanguageSummaries whole;
  LanguageSummaries parts[2];
  for (int i = 0; i < 3000; ++i) {
    const Document document =
        scored("word" + std::to_string(i) + " and another of all", (i % 10) / 10.0);
    whole.add(document);
    parts[i % 2].add(document);
  }
  LanguageSummaries summed;
  for (const LanguageSummaries& part : parts) {
    for (const Json& row : part.rows()) {
      ASSERT_TRUE(summed.add_row(parse_json(row.dump()).value()));
    }
  }
  ASSERT_EQ(summed.languages().size(), 2U);
  for (const auto& [name, language] : whole.languages()) {
    const auto& other = summed.languages().at(name);
    EXPECT_EQ(other.scores.count(), language.scores.count());
    EXPECT_EQ(other.scores.percentiles(), language.scores.percentiles());
    EXPECT_EQ(other.terms.to_json().dump(), language.terms.to_json().dump());
    EXPECT_EQ(other.references.to_rows(), language.references.to_rows());
  }
}

TEST(LanguageSummaries, RefuseRowsThatTheyDidNotMake) {
  LanguageSummaries summaries;
  for (const char* row :
       {R"({})", R"({"language":"en","scores":{"values":[],"rounded":[]},"terms":[1]})",
        R"({"language":"en","scores":{"values":[],"rounded":[]},"terms":[1,2,262144,1]})",
        R"({"language":"en","scores":{"values":[],"rounded":[]},"terms":[1,2,-1,1]})",
        R"({"language":"en","reference":7})"}) {
    EXPECT_FALSE(summaries.add_row(parse_json(row).value())) << row;
  }
}

}  // namespace
}  // namespace aludel::curate::quality
