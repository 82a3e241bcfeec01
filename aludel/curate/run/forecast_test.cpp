#include "aludel/curate/run/forecast.h"

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

constexpr double kAmpleMemory = 1e12;

RunCost cost_of(double input_bytes) {
  RunCost cost;
  cost.input_bytes = input_bytes;
  cost.cpu_seconds = {{"load", 2}, {"read", input_bytes / 10}};
  cost.peak_memory_bytes = 100 + input_bytes / 2;
  cost.scratch_bytes = 3 * input_bytes;
  cost.output_bytes = input_bytes;
  return cost;
}

TEST(Forecast, GoesAlongTheLineThroughTheRuns) {
  const RunCost runs[] = {cost_of(100), cost_of(200), cost_of(400)};
  const RunCost cost = forecast(runs, 10'000, kAmpleMemory).value();
  EXPECT_NEAR(cost.cpu_seconds[0].second, 2, 1e-9);
  EXPECT_NEAR(cost.cpu_seconds[1].second, 1000, 1e-6);
  EXPECT_NEAR(cost.total_cpu_seconds(), 1002, 1e-6);
  EXPECT_NEAR(cost.peak_memory_bytes, 5100, 1e-6);
  EXPECT_NEAR(cost.scratch_bytes, 30'000, 1e-6);
}

TEST(Forecast, NoLineFallsOrBeginsBelowZero) {
  RunCost runs[] = {cost_of(100), cost_of(200)};
  runs[0].cpu_seconds = {{"load", 3}, {"read", 5}};
  runs[1].cpu_seconds = {{"load", 2}, {"read", 20}};
  const RunCost cost = forecast(runs, 1000, kAmpleMemory).value();
  EXPECT_NEAR(cost.cpu_seconds[0].second, 2.5, 1e-9) << "loading does not grow";
  EXPECT_NEAR(cost.cpu_seconds[1].second, 12.5 / 150 * 1000, 1e-6);
}

TEST(Forecast, LoadingTheModelsDoesNotGrowWithTheInput) {
  RunCost runs[] = {cost_of(100), cost_of(200)};
  runs[1].cpu_seconds[0].second = 4;
  EXPECT_NEAR(forecast(runs, 1e9, kAmpleMemory).value().cpu_seconds[0].second, 3, 1e-9);
  EXPECT_EQ(largest_input(runs), 200);
}

TEST(Forecast, MemoryEndsAtWhatSortingMayTake) {
  const RunCost runs[] = {cost_of(100), cost_of(200)};  // 150 and 200 bytes of memory
  EXPECT_NEAR(forecast(runs, 1000, 500).value().peak_memory_bytes, 600, 1e-6) << "the line";
  EXPECT_NEAR(forecast(runs, 10'000, 500).value().peak_memory_bytes, 650, 1e-6) << "the limit";
}

TEST(Forecast, NeedsTwoSizesAndTheSameStages) {
  const RunCost one[] = {cost_of(100)};
  EXPECT_EQ(forecast(one, 1000, kAmpleMemory).error().code, Code::invalid_argument);
  const RunCost near[] = {cost_of(100), cost_of(120)};
  EXPECT_EQ(forecast(near, 1000, kAmpleMemory).error().code, Code::invalid_argument);
  RunCost other[] = {cost_of(100), cost_of(200)};
  other[1].cpu_seconds[1].first = "read+metrics";
  EXPECT_NE(forecast(other, 1000, kAmpleMemory).error().message.find("different stages"),
            std::string::npos);
}

class ForecastRun : public CurateRun {};

TEST_F(ForecastRun, ReadsWhatTwoRunsNoted) {
  write_sources();
  ASSERT_TRUE(run("small"));
  write("open/e.jsonl", jsonl(1000, 300));
  ASSERT_TRUE(run("large"));
  const std::string folders[] = {folder_ / "small", folder_ / "large"};
  const RunCost runs[] = {read_run_cost(files_, folders[0]).value(),
                          read_run_cost(files_, folders[1]).value()};
  EXPECT_GT(runs[0].total_cpu_seconds(), 0);
  EXPECT_GT(runs[0].scratch_bytes, 0);
  EXPECT_GT(runs[0].output_bytes, 0);
  EXPECT_GT(runs[0].peak_memory_bytes, 1e6);
  const auto bytes = static_cast<double>(input_bytes_of(files_, config("next")).value());
  EXPECT_EQ(runs[1].input_bytes, bytes);
  const RunCost next = forecast(runs, 2 * bytes, kAmpleMemory).value();
  EXPECT_GE(next.scratch_bytes, runs[1].scratch_bytes);
  EXPECT_EQ(next.cpu_seconds.size(), runs[0].cpu_seconds.size());

  EXPECT_TRUE(check_calibration(files_, config("next"), folders));
  CurateConfig other = config("next");
  other.layers["metrics"]["min_words"] = 7;
  EXPECT_EQ(check_calibration(files_, other, folders).error().code, Code::invalid_argument);
}

TEST_F(ForecastRun, RefusesARunThatWentOn) {
  write_sources();
  ASSERT_TRUE(run("out"));
  ASSERT_TRUE(files_.remove(folder_ / "out/ledger.json"));
  ASSERT_TRUE(run("out"));
  EXPECT_NE(read_run_cost(files_, folder_ / "out").error().message.find("went on"),
            std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
