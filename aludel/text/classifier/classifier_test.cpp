#include "aludel/text/classifier/classifier.h"

#include <cmath>
#include <cstring>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "aludel/base/hash.h"
#include "aludel/base/little_endian.h"
#include "aludel/base/rng.h"
#include "aludel/text/words.h"

namespace aludel::text {
namespace {

float value_of(const std::vector<Feature>& features, std::size_t index) {
  return features.at(index).value;
}

TEST(Features, AreLogCountsOfUnitLength) {
  FeatureSettings settings;
  settings.word_ngrams = 1;
  const auto features = extract_features("a A a b", settings);
  ASSERT_EQ(features.size(), 2U);
  EXPECT_NE(features[0].bucket, features[1].bucket);
  const float large = std::log(4.0F);
  const float small = std::log(2.0F);
  const float norm = std::sqrt(large * large + small * small);
  EXPECT_NEAR(std::max(value_of(features, 0), value_of(features, 1)), large / norm, 1e-6);
  EXPECT_NEAR(std::min(value_of(features, 0), value_of(features, 1)), small / norm, 1e-6);
  EXPECT_TRUE(extract_features(" ", settings).empty());
}

TEST(Features, CountWordAndCharacterRuns) {
  FeatureSettings settings;
  settings.bucket_bits = 26;
  EXPECT_EQ(extract_features("x y z", settings).size(), 5U);  // x y z, x-y y-z
  settings.word_ngrams = 1;
  settings.min_characters = 2;
  settings.max_characters = 3;
  EXPECT_EQ(extract_features("né", settings).size(), 1U + 3U + 2U);  // <n né é>, <né né>
}

/// Buckets and counts as the header says them, one at a time.
std::map<std::uint32_t, int> counts_by_reference(std::string_view text,
                                                 const FeatureSettings& settings) {
  std::vector<std::uint64_t> symbols;
  for (const Word& word : split_words(text, Case::folded)) {
    symbols.push_back(word.hash);
  }
  std::map<std::uint32_t, int> counts;
  const WindowHashes windows(symbols);
  for (std::size_t n = 1; n <= static_cast<std::size_t>(settings.word_ngrams); ++n) {
    for (std::size_t i = 0; i + n <= symbols.size(); ++i) {
      const std::uint64_t hash = mix64(windows.window(i, n) + n);
      ++counts[static_cast<std::uint32_t>(hash >> (64 - settings.bucket_bits))];
    }
  }
  return counts;
}

TEST(Features, AreThoseOfCountingInAMap) {
  for (std::uint64_t item = 0; item < 60; ++item) {
    Rng rng(7, item);
    std::string text;
    for (std::uint64_t word = rng.below(900); word > 0; --word) {
      text += rng.below(5) == 0 ? "字" : "w" + std::to_string(rng.below(40 * (item + 1))) + " ";
    }
    FeatureSettings settings;
    settings.bucket_bits = 8 + static_cast<std::int64_t>(item % 12);  // a table that fills up, too
    settings.word_ngrams = 1 + static_cast<std::int64_t>(item % 3);
    const auto expected = counts_by_reference(text, settings);
    double squares = 0;
    for (const auto& [bucket, count] : expected) {
      squares += std::log1p(count) * std::log1p(count);
    }
    const auto features = extract_features(text, settings);
    ASSERT_EQ(features.size(), expected.size());
    for (const Feature& feature : features) {
      ASSERT_TRUE(expected.contains(feature.bucket));
      EXPECT_NEAR(feature.value, std::log1p(expected.at(feature.bucket)) / std::sqrt(squares),
                  1e-5);
    }
  }
}

struct Corpus {
  std::vector<std::string> texts;
  std::vector<std::string> labels;

  std::vector<LabelledText> examples() const {
    std::vector<LabelledText> all;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      all.push_back({texts[i], labels[i]});
    }
    return all;
  }
};

/// Texts of random words, of which each label prefers its own tenth.
Corpus synthetic(std::uint64_t seed, std::size_t count) {
  Corpus corpus;
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng(seed, i);
    const std::uint64_t label = rng.below(3);
    std::string text;
    for (int word = 0; word < 30; ++word) {
      const std::uint64_t id = rng.below(4) == 0 ? label * 100 + rng.below(100) : rng.below(1000);
      text += "w" + std::to_string(id) + " ";
    }
    corpus.texts.push_back(text);
    corpus.labels.push_back(std::string(1, static_cast<char>('a' + label)));
  }
  return corpus;
}

TEST(Classifier, LearnsWordsThatTellLabelsApart) {
  const Corpus train = synthetic(1, 1500);
  const Classifier model = Classifier::train({}, train.examples(), nullptr).value();
  EXPECT_EQ(model.labels(), (std::vector<std::string>{"a", "b", "c"}));
  const Corpus test = synthetic(2, 500);
  int right = 0;
  for (std::size_t i = 0; i < test.texts.size(); ++i) {
    const auto p = model.predict(test.texts[i]);
    EXPECT_NEAR(p[0] + p[1] + p[2], 1, 1e-5);
    const std::size_t label = model.find_label(test.labels[i]);
    right += p[label] == *std::max_element(p.begin(), p.end()) ? 1 : 0;
  }
  EXPECT_GT(right, 450);
}

// A long text is no better than its parts: what it is does not hang on how much of it there is.
TEST(Classifier, JudgesALongTextAsTheMeanOfItsWindows) {
  const Corpus train = synthetic(4, 600);
  ClassifierSettings settings;
  settings.features.window_words = 30;
  const Classifier model = Classifier::train(settings, train.examples(), nullptr).value();
  const Corpus test = synthetic(5, 2);
  const auto first = model.logits(test.texts[0]);
  const auto second = model.logits(test.texts[1]);
  const auto both = model.logits(test.texts[0] + test.texts[1]);
  std::string repeated;
  for (int i = 0; i < 20; ++i) {
    repeated += test.texts[0];
  }
  const auto again = model.logits(repeated);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_NEAR(both[i], (first[i] + second[i]) / 2, 1e-4);
    EXPECT_NEAR(again[i], first[i], 1e-4);
  }
  EXPECT_EQ(Classifier::from_bytes(model.to_bytes()).value().logits(repeated), again);
}

// What was learnt of whole texts is asked of whole texts: files of before have no such setting.
TEST(Classifier, ReadsAFileWithoutWindowsAsOneOfWholeTexts) {
  const Corpus train = synthetic(11, 300);
  ClassifierSettings settings;
  settings.features.window_words = 0;
  const Classifier model = Classifier::train(settings, train.examples(), nullptr).value();
  std::string bytes = model.to_bytes();
  const std::string setting = ",\"window_words\":0";
  const std::size_t at = bytes.find(setting);
  ASSERT_NE(at, std::string::npos);
  bytes.erase(at, setting.size());
  std::uint32_t header = 0;
  std::memcpy(&header, &bytes[8], sizeof header);
  header -= static_cast<std::uint32_t>(setting.size());
  std::memcpy(&bytes[8], &header, sizeof header);
  bytes.resize(bytes.size() - sizeof(std::uint64_t));
  append_number(bytes, hash64(bytes));
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += synthetic(12, 20).texts[static_cast<std::size_t>(i)];
  }
  const auto old = Classifier::from_bytes(bytes);
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old.value().logits(text), model.logits(text));
}

TEST(Classifier, LearnsFromNoMoreWindowsOfATextThanItIsAsked) {
  Corpus corpus = synthetic(6, 60);
  ClassifierSettings settings;
  settings.features.window_words = 30;
  settings.windows_per_text = 1;
  const auto bytes = Classifier::train(settings, corpus.examples(), nullptr).value().to_bytes();
  for (std::string& text : corpus.texts) {
    text += synthetic(7, 1).texts[0];  // a second window, which is not looked at
  }
  EXPECT_EQ(Classifier::train(settings, corpus.examples(), nullptr).value().to_bytes(), bytes);
}

/// Mean of what a model gives the label of each text, and how often that label is its first.
std::pair<double, double> sureness(const Classifier& model, const Corpus& corpus) {
  double sure = 0;
  double right = 0;
  for (std::size_t i = 0; i < corpus.texts.size(); ++i) {
    const auto p = model.predict(corpus.texts[i]);
    sure += static_cast<double>(*std::ranges::max_element(p));
    if (p[model.find_label(corpus.labels[i])] == *std::ranges::max_element(p)) right += 1;
  }
  const auto count = static_cast<double>(corpus.texts.size());
  return {sure / count, right / count};
}

TEST(Classifier, IsAsSureAsItIsRightWhereItIsCalibrated) {
  const Corpus train = synthetic(8, 300);
  const Corpus test = synthetic(9, 1000);
  ClassifierSettings settings;
  settings.l2 = 30;  // much too timid
  const auto timid = sureness(Classifier::train(settings, train.examples(), nullptr).value(), test);
  EXPECT_GT(timid.second - timid.first, 0.2);
  settings.calibration_folds = 5;
  const auto fair = sureness(Classifier::train(settings, train.examples(), nullptr).value(), test);
  EXPECT_NEAR(fair.first, fair.second, 0.05);
  EXPECT_GT(fair.second, timid.second - 0.03);
}

TEST(Classifier, SaysWhereALabelIsTooRareToBeCalibrated) {
  Corpus corpus = synthetic(10, 20);
  corpus.labels.back() = "z";
  ClassifierSettings settings;
  settings.calibration_folds = 5;
  const auto model = Classifier::train(settings, corpus.examples(), nullptr);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message.find("calibration_folds"), std::string::npos);
}

TEST(Classifier, IsTheSameForTheSameInputAndSeed) {
  const Corpus corpus = synthetic(3, 200);
  const auto bytes = [&](std::int64_t seed) {
    ClassifierSettings settings;
    settings.seed = seed;
    return Classifier::train(settings, corpus.examples(), nullptr).value().to_bytes();
  };
  EXPECT_EQ(bytes(1), bytes(1));
  EXPECT_NE(bytes(1), bytes(2));
}

TEST(Classifier, GivesARareLabelTheWeightOfTheOthers) {
  Corpus corpus;  // nine tenths are of one label; "odd" stands in half the texts of either
  for (int i = 0; i < 200; ++i) {
    corpus.texts.push_back(i % 2 == 0 ? "plain odd" : "plain");
    corpus.labels.emplace_back(i < 180 ? "many" : "few");
  }
  const Classifier model = Classifier::train({}, corpus.examples(), nullptr).value();
  EXPECT_NEAR(model.predict("plain")[model.find_label("few")], 0.5, 0.1);
  EXPECT_NEAR(model.predict("plain odd")[model.find_label("few")], 0.5, 0.1);
}

TEST(Classifier, PullsWeightsToZeroAsFarAsItIsAsked) {
  const Corpus corpus = synthetic(6, 200);
  const auto largest = [&](double l2) {
    ClassifierSettings settings;
    settings.l2 = l2;
    const auto model = Classifier::train(settings, corpus.examples(), nullptr).value();
    const auto p = model.predict(corpus.texts[0]);
    return *std::max_element(p.begin(), p.end());
  };
  EXPECT_GT(largest(0.01), largest(10));
  EXPECT_GT(largest(10), largest(1000));
  EXPECT_NEAR(largest(1000), 1.0 / 3, 0.1);
}

TEST(Classifier, LearnsRareWordsFasterWhereRarityCounts) {
  Corpus corpus;  // one text in a hundred has a word that tells its label, all have one that helps
  for (int i = 0; i < 200; ++i) {
    const bool first = i % 2 == 0;
    corpus.texts.push_back(std::string(first ? "left" : "right") + " word" +
                           (i == 0 ? " rareleft" : ""));
    corpus.labels.emplace_back(first ? "a" : "b");
  }
  const auto of_rare = [&](double rarity) {
    ClassifierSettings settings;
    settings.rarity = rarity;
    settings.epochs = 2;
    return Classifier::train(settings, corpus.examples(), nullptr).value().predict("rareleft")[0];
  };
  EXPECT_GT(of_rare(0.5), of_rare(0));
}

TEST(Classifier, ReadsBackWhatItWrote) {
  const Corpus corpus = synthetic(4, 200);
  const Classifier model = Classifier::train({}, corpus.examples(), nullptr).value();
  const std::string bytes = model.to_bytes();
  const Classifier read = Classifier::from_bytes(bytes).value();
  EXPECT_EQ(read.labels(), model.labels());
  EXPECT_EQ(read.to_bytes(), bytes);
  EXPECT_EQ(read.predict(corpus.texts[0]), model.predict(corpus.texts[0]));
}

TEST(Classifier, RefusesDamagedFiles) {
  const Corpus corpus = synthetic(5, 50);
  const std::string bytes = Classifier::train({}, corpus.examples(), nullptr).value().to_bytes();
  for (std::size_t size = 0; size < bytes.size(); size += 97) {
    EXPECT_FALSE(Classifier::from_bytes(bytes.substr(0, size)));
  }
  for (std::size_t at = 0; at < bytes.size(); at += 101) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(Classifier::from_bytes(damaged)) << at;
  }
}

TEST(Classifier, ChecksSizesEvenWhereTheChecksumFits) {
  const auto file = [](std::string_view header, std::string_view rest) {
    std::string bytes = "ALUDELC1";
    const auto size = static_cast<std::uint32_t>(header.size());
    bytes.append(reinterpret_cast<const char*>(&size), 4);
    bytes.append(header).append(rest);
    const std::uint64_t checksum = hash64(bytes);
    return bytes.append(reinterpret_cast<const char*>(&checksum), 8);
  };
  const std::string good = R"({"features":{"bucket_bits":8},"labels":["a","b"]})";
  EXPECT_TRUE(Classifier::from_bytes(file(good, std::string(12, '\0'))));
  EXPECT_FALSE(Classifier::from_bytes(file(good, std::string(8, '\0') + "\xFF\xFF\xFF\xFF")));
  EXPECT_FALSE(Classifier::from_bytes(file(good, "")));
  EXPECT_FALSE(
      Classifier::from_bytes(file(R"({"features":{"bucket_bits":63},"labels":["a","b"]})", "")));
  EXPECT_FALSE(Classifier::from_bytes(file(R"({"features":{},"labels":["b","a"]})", "")));
  EXPECT_FALSE(Classifier::from_bytes(file("[]", "")));
}

TEST(Classifier, NeedsTwoLabelsAndSettingsInRange) {
  const std::vector<LabelledText> one = {{"x", "a"}, {"y", "a"}};
  EXPECT_EQ(Classifier::train({}, one, nullptr).error().code, Code::invalid_argument);
  ClassifierSettings settings;
  settings.rarity = 2;
  const std::vector<LabelledText> pair = {{"x", "a"}, {"y", "b"}};
  EXPECT_EQ(Classifier::train(settings, pair, nullptr).error().code, Code::invalid_argument);
  settings = {};
  settings.features.bucket_bits = 40;
  EXPECT_EQ(Classifier::train(settings, pair, nullptr).error().code, Code::invalid_argument);
  EXPECT_EQ(Classifier::train({}, pair, [] { return true; }).error().code, Code::cancelled);
}

TEST(AreaUnderCurve, CountsPairsInRightOrderAndHalfTheTies) {
  const std::vector<double> scores = {0.9, 0.8, 0.8, 0.1};
  EXPECT_DOUBLE_EQ(area_under_curve(scores, {true, true, false, false}), 3.5 / 4);
  EXPECT_DOUBLE_EQ(area_under_curve(scores, {false, false, true, true}), 0.5 / 4);
  EXPECT_TRUE(std::isnan(area_under_curve(scores, {true, true, true, true})));
}

}  // namespace
}  // namespace aludel::text
