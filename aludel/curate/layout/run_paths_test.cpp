#include "aludel/curate/layout/run_paths.h"

#include <algorithm>

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(RunPaths, BelongToTheFolderWhoseNameTheyBeginWith) {
  EXPECT_TRUE(is_below("work/0/00000.jsonl", kWorkFolder));
  EXPECT_FALSE(is_below("workshop/0", kWorkFolder));
  EXPECT_FALSE(is_below("work", kWorkFolder));
}

TEST(RunPaths, TellTheShardThatTheyAreOf) {
  EXPECT_EQ(number_of_file(kept_path(12)), 12U);
  EXPECT_EQ(number_of_file(rejects_path(3, 123'456)), 123'456U);
  EXPECT_EQ(number_of_file(packed_path(kKeptFolder, 7, "parquet")), 7U);
}

class NamesOfARun : public CurateRun {};

TEST_F(NamesOfARun, HasNoFileThatHasNoName) {
  write_sources();
  ASSERT_TRUE(run("out"));
  for (const auto& [path, bytes] : content("out")) {
    const bool is_result = std::ranges::any_of(
        std::initializer_list<std::string_view>{kKeptFolder, kRejectsFolder, kStateFolder},
        [&](std::string_view folder) { return is_below(path, folder); });
    const bool is_named = std::ranges::any_of(
        std::initializer_list<std::string_view>{kResolvedConfig, kManifestFile, kLedgerFile,
                                                kLayersReport, kModelsReport},
        [&](std::string_view name) { return path == name; });
    EXPECT_TRUE(is_result || is_named) << path;
  }
  EXPECT_TRUE(files_.info(folder_ / ("out/" + std::string(kTimingReport))).has_value());
}

}  // namespace
}  // namespace aludel::curate
