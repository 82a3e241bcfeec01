#include "aludel/curate/layers/semantic/mixture.h"

#include "tests/fitted_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/rng.h"

namespace aludel::curate::semantic {
namespace {

Json shares_of(std::initializer_list<std::pair<std::string, double>> shares) {
  Json json = Json::object();
  for (const auto& [group, share] : shares) {
    json[group] = share;
  }
  return json;
}

TEST(Mixture, KeepsTheScarcestGroupWhole) {
  const auto mixture = Mixture::create("language", shares_of({{"en", 0.5}, {"zh", 0.3}})).value();
  const auto rates = mixture.keep_rates({{"en", 1000}, {"zh", 300}, {"", 400}});
  EXPECT_DOUBLE_EQ(rates.at("zh"), 1);
  EXPECT_DOUBLE_EQ(rates.at("en"), 0.5);
  EXPECT_DOUBLE_EQ(rates.at(""), 0.5);
}

TEST(Mixture, LeavesOutGroupsWithoutText) {
  const auto mixture =
      Mixture::create("source", shares_of({{"a", 0.5}, {"b", 0.25}, {"c", 0.25}})).value();
  const auto rates = mixture.keep_rates({{"a", 100}, {"b", 100}, {"", 70}});
  EXPECT_DOUBLE_EQ(rates.at("a"), 1);
  EXPECT_DOUBLE_EQ(rates.at("b"), 0.5);
  EXPECT_DOUBLE_EQ(rates.at(""), 0) << "the shares leave nothing for the rest";
  EXPECT_FALSE(rates.contains("c"));
}

TEST(Mixture, RefusesSharesWithoutSense) {
  EXPECT_FALSE(Mixture::create("url", Json::object()));
  EXPECT_FALSE(Mixture::create("topic", shares_of({{"ads", 0.0}})));
  EXPECT_FALSE(Mixture::create("topic", shares_of({{"ads", 0.7}, {"news", 0.4}})));
  Json text = Json::object();
  text["ads"] = "half";
  EXPECT_FALSE(Mixture::create("topic", text));
  EXPECT_FALSE(Mixture::create("topic", Json::object()).value().is_set());
}

/// Documents of random words: 300 in English, 100 in German, 50 in French.
std::vector<Document> documents_of_three_languages() {
  std::vector<Document> documents;
  for (std::uint64_t i = 0; i < 450; ++i) {
    Rng rng(5, i);
    std::string text;
    for (int word = 0; word < 80; ++word) {
      text += "w" + std::to_string(rng.below(100'000)) + " ";
    }
    documents.push_back(document_of("d" + std::to_string(i), text));
    documents.back().language = i < 300 ? "en" : i < 400 ? "de" : "fr";
  }
  return documents;
}

Json half_german() {
  Json settings = Json::object();
  settings["mixture_by"] = "language";
  settings["mixture"] = shares_of({{"de", 0.5}, {"en", 0.5}});
  return settings;
}

TEST(SemanticLayer, SamplesToTheMixtureThatIsSet) {
  const auto judged =
      fit_and_judge(registered_layer("semantic"), half_german(), documents_of_three_languages());
  std::map<std::string, double> bytes;
  std::map<std::string, int> dropped;
  for (std::size_t i = 0; i < judged.documents.size(); ++i) {
    const Document& document = judged.documents[i];
    if (judged.verdicts[i].keep) {
      bytes[document.language] += static_cast<double>(document.text.size());
    } else {
      EXPECT_EQ(judged.verdicts[i].reason, "mixture");
      ++dropped[document.language];
    }
  }
  EXPECT_EQ(dropped["de"], 0);
  EXPECT_EQ(dropped["fr"], 50) << "the shares leave nothing for it";
  // 300 draws at 1/3: a standard deviation of 8 documents.
  EXPECT_NEAR(bytes["en"] / (bytes["en"] + bytes["de"]), 0.5, 0.08);
}

TEST(SemanticLayer, SetsTheSameMixtureForAnyShards) {
  const auto documents = documents_of_three_languages();
  const auto one = fit_and_judge(registered_layer("semantic"), half_german(), documents, 1);
  const auto many = fit_and_judge(registered_layer("semantic"), half_german(), documents, 7);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(one.verdicts[i].keep, many.verdicts[i].keep) << i;
  }
}

TEST(SemanticLayer, KeepsAllWhereNoMixtureIsSet) {
  const auto judged =
      fit_and_judge(registered_layer("semantic"), Json::object(), documents_of_three_languages());
  for (const Verdict& verdict : judged.verdicts) {
    EXPECT_TRUE(verdict.keep) << verdict.reason;
  }
}

}  // namespace
}  // namespace aludel::curate::semantic
