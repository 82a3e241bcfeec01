#include "aludel/curate/report/value_notes.h"

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Json noted(double words) {
  Json json = Json::object();
  json["words"] = words;
  json["unlimited"] = words;
  return json;
}

/// Returns one rule on the number of words.
Rules rules_of(Side side, double limit) {
  static constexpr Rule kLeast = {"words", Side::at_least, "min_words", "too_few"};
  static constexpr Rule kMost = {"words", Side::at_most, "max_words", "too_many"};
  Rules rules;
  rules.add(side == Side::at_least ? kLeast : kMost, limit);
  return rules;
}

/// Returns notes of documents `begin` to `end`, each with as many words as its number. Those below
/// 30 words are dropped; `limit` is the limit that the layer had.
ValueNotes hundred(std::size_t begin, std::size_t end, double limit) {
  ValueNotes notes;
  for (std::size_t i = begin; i < end; ++i) {
    const auto words = static_cast<double>(i);
    notes.add(i, {words >= 30, "", words}, noted(words), rules_of(Side::at_least, limit));
  }
  return notes;
}

std::int64_t sum(const Json& counts) {
  std::int64_t all = 0;
  for (const Json& count : counts.as_array()) {
    all += count.as_integer();
  }
  return all;
}

TEST(ValueNotes, ShowsHowLimitedValuesLieAndTheirLimits) {
  const Json all = hundred(0, 100, 30).summary();
  ASSERT_EQ(all.as_array().size(), 1U);
  const Json& words = all.as_array()[0];
  EXPECT_EQ(words.string_or("value", ""), "words");
  EXPECT_EQ(words.integer_or("documents", 0), 100);
  EXPECT_EQ(sum(*words.find("kept")), 70);
  EXPECT_EQ(sum(*words.find("dropped")), 30);
  EXPECT_EQ(words.find("dropped")->as_array()[39].as_integer(), 0);
  EXPECT_EQ(words.find("limits")->as_array()[0].number_or("least", 0), 30);
}

TEST(ValueNotes, MergesAsOnePassWouldHaveCountedAndKeepsTheRangeOfLimits) {
  ValueNotes merged = hundred(50, 100, 20);
  merged.add(ValueNotes::from_json(hundred(0, 50, 30).to_json()).value());
  const Json all = merged.summary();
  const Json once = hundred(0, 100, 30).summary();
  EXPECT_EQ(*all.as_array()[0].find("kept"), *once.as_array()[0].find("kept"));
  EXPECT_EQ(*all.as_array()[0].find("dropped"), *once.as_array()[0].find("dropped"));
  const Json& limit = all.as_array()[0].find("limits")->as_array()[0];
  EXPECT_EQ(limit.number_or("least", 0), 20);
  EXPECT_EQ(limit.number_or("most", 0), 30);
}

TEST(ValueNotes, ShowsTheScoreWhereNothingIsLimited) {
  ValueNotes notes;
  notes.add(1, {true, "", 0.5}, noted(3), {});
  notes.add(2, {false, "copy", 0.7}, Json(), {});
  const Json all = notes.summary();
  EXPECT_EQ(all.as_array()[0].string_or("value", ""), "score");
  EXPECT_EQ(all.as_array()[0].integer_or("documents", 0), 2);
}

TEST(ValueNotes, DoesNotWidenThePictureToAFarLimit) {
  ValueNotes notes;
  for (std::uint64_t i = 0; i < 10; ++i) {
    notes.add(i, {true, "", 0}, noted(static_cast<double>(i)), rules_of(Side::at_most, 1e6));
  }
  EXPECT_EQ(notes.summary().as_array()[0].number_or("high", 0), 9);
}

TEST(ValueNotes, RefusesWhatItDidNotWrite) {
  EXPECT_FALSE(ValueNotes::from_json(Json::object()));
  Json broken = hundred(0, 2, 1).to_json();
  broken["rows"].as_array()[0].as_array()[1] = 3;
  EXPECT_EQ(ValueNotes::from_json(broken).error().code, Code::corrupt_data);
  broken = hundred(0, 2, 1).to_json();
  broken["limits"].as_array()[0].as_array().pop_back();
  EXPECT_EQ(ValueNotes::from_json(broken).error().code, Code::corrupt_data);
}

}  // namespace
}  // namespace aludel::curate
