// What a run leaves for the report beside what its layers noted.
#include <algorithm>

#include "tests/all_layers_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

class RunReport : public AllLayersRun {};

TEST_F(RunReport, SaysWhatTheClassesOfALayerAreJudgedBy) {
  ASSERT_TRUE(run("out"));
  const std::string path = folder_ / ("out/" + std::string(kLayersReport));
  const Json report = parse_json(io::read_file(files_, path).value()).value();
  const Json::Array& rows = report.find("layers")->as_array();
  const auto safety = std::ranges::find_if(
      rows, [](const Json& row) { return row.string_or("name", "") == "safety"; });
  ASSERT_NE(safety, rows.end());
  ASSERT_NE(safety->find("classes"), nullptr);
  const Json::Object& classes = safety->find("classes")->as_object();
  EXPECT_EQ(classes.size(), 14U);
  EXPECT_EQ(classes.front().second.string_or("basis", ""), "lexicon only, unmeasured");
  EXPECT_EQ(
      std::ranges::count_if(rows, [](const Json& row) { return row.find("classes") != nullptr; }),
      1);
}

}  // namespace
}  // namespace aludel::curate
