#include "aludel/curate/report/keep_rates.h"

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

Json row_of(const Json& summary, std::string_view group) {
  for (const Json& row : summary.as_array()) {
    if (row.string_or("group", "") == group) return row;
  }
  return Json();
}

KeepRates rates_of(int women_kept, int women, int others_kept, int others) {
  KeepRates rates;
  for (int i = 0; i < women; ++i) {
    rates.add({"identity:women"},
              i < women_kept ? KeepRates::Fate::kept : KeepRates::Fate::dropped);
  }
  for (int i = 0; i < others; ++i) {
    rates.add({}, i < others_kept ? KeepRates::Fate::kept : KeepRates::Fate::dropped);
  }
  return rates;
}

TEST(KeepRates, WarnOutsideFourFifths) {
  const auto warns = [](const KeepRates& rates) {
    return row_of(rates.summary(), "identity:women").bool_or("warning", false);
  };
  EXPECT_TRUE(warns(rates_of(30, 50, 90, 100))) << "0.60 to 0.90";
  EXPECT_FALSE(warns(rates_of(40, 50, 90, 100))) << "0.80 to 0.90";
  EXPECT_TRUE(warns(rates_of(50, 50, 70, 100))) << "1.00 to 0.70";
  EXPECT_FALSE(warns(rates_of(5, 20, 90, 100))) << "too few to say";
  const KeepRates alone = rates_of(30, 50, 0, 0);
  EXPECT_EQ(row_of(alone.summary(), "identity:women").find("ratio"), nullptr);
  EXPECT_FALSE(warns(alone));
}

TEST(KeepRates, AddUpAndComeBackFromJson) {
  KeepRates sum = rates_of(30, 50, 90, 100);
  sum.add(rates_of(10, 50, 90, 100));
  const Json row = row_of(sum.summary(), "identity:women");
  EXPECT_EQ(row.integer_or("documents", 0), 100);
  EXPECT_EQ(row.integer_or("kept", 0), 40);
  EXPECT_NEAR(row.number_or("ratio", 0), 0.4 / 0.9, 1e-12);
  EXPECT_EQ(KeepRates::from_json(sum.to_json()).value().summary(), sum.summary());
  EXPECT_FALSE(KeepRates::from_json(Json::array()));
  EXPECT_FALSE(KeepRates::from_json(parse_json(R"({"a":[1]})").value()));
}

TEST(GroupsOf, NamesScriptDialectAndPeopleAndNotesThemOnce) {
  const GroupWords words = GroupWords::create().value();
  Document document;
  document.language = "en";
  document.text = "Two women of the colour committee, and their neighbours";
  const std::vector<std::string> expected = {"language:en", "script:Latin",
                                             "dialect:british_english", "identity:women"};
  EXPECT_EQ(groups_of(document, words), expected);
  document.text = "An edit left other letters";
  EXPECT_EQ(groups_of(document, words), expected) << "from the annotations";
}

TEST(MainScript, IsThatOfMostLetters) {
  EXPECT_EQ(main_script("naïve text, 一"), "Latin");
  EXPECT_EQ(main_script("数据库 SQL 的名称"), "Han");
  EXPECT_EQ(main_script("データの名前"), "Kana");
  EXPECT_EQ(main_script("Привет"), "Cyrillic");
  EXPECT_EQ(main_script("12 + 3"), "none");
}

TEST(MainScript, CountsEachLetterOfAscii) {
  for (std::size_t letters = 1; letters < 80; ++letters) {
    const std::string latin = "@[`{" + std::string(letters, 'z') + std::string(40, '7');
    std::string cyrillic;
    for (std::size_t i = 0; i + 1 < letters; ++i) {
      cyrillic += "п";
    }
    EXPECT_EQ(main_script(latin + cyrillic), "Latin") << letters;
    cyrillic += "пп";
    EXPECT_EQ(main_script(cyrillic.append(latin)), "Cyrillic") << letters;
  }
}

class KeepRatesRun : public CurateRun {};

TEST_F(KeepRatesRun, StandInTheReportOfEachLayer) {
  std::string lines;
  for (std::uint64_t i = 0; i < 80; ++i) {
    Json json = Json::object();
    json["text"] = i < 40 ? page(i) : i < 60 ? page(i) + " These women." : "Women here.";
    lines += json.dump() + "\n";
  }
  write("in/a.jsonl", lines);
  toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"s\"\npath = \"in\"\n";
  ASSERT_TRUE(run("out"));
  const Json report =
      parse_json(io::read_file(files_, folder_ / "out/report/layers.json").value()).value();
  const Json& metrics = report.find("layers")->as_array().front();
  EXPECT_EQ(metrics.string_or("name", ""), "metrics");
  const Json women = row_of(*metrics.find("keep_rates"), "identity:women");
  EXPECT_EQ(women.integer_or("documents", 0), 40);
  EXPECT_EQ(women.integer_or("kept", 0), 20);
  EXPECT_NEAR(women.number_or("ratio", 0), 0.5, 1e-12);
  EXPECT_TRUE(women.bool_or("warning", false));
  EXPECT_EQ(row_of(*metrics.find("keep_rates"), "script:Latin").integer_or("documents", 0), 80);
  for (const Document& document : documents("out/kept")) {
    const bool names_women = document.text.ends_with("women.");
    EXPECT_EQ(document.annotations.find("identity")->dump(), names_women ? R"(["women"])" : "[]");
  }
}

}  // namespace
}  // namespace aludel::curate
