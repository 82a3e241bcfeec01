#include <filesystem>

#include "app/report/sections.h"
#include "app/report/write_report.h"
#include "tests/memory_file_system.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/file_system.h"

namespace aludel::app {
namespace {

constexpr std::string_view kRecipe = R"(
[[steps]]
name = "compare_raw_1"
result = "{run}/raw_1.json"
[[steps]]
name = "compare_raw_2"
result = "{run}/raw_2.json"
[[steps]]
name = "compare_curated_1"
result = "{run}/curated_1.json"
[[steps]]
name = "compare_curated_2"
result = "{run}/curated_2.json"
)";

TEST(ReportComparison, ShowsTheMeansTheirDistanceAndTheSpreadOfSeeds) {
  const TemporaryFolder folder;
  folder.write("recipe.toml", kRecipe);
  folder.write("raw_1.json", R"({"bits_per_byte":2.5})");
  folder.write("raw_2.json", R"({"bits_per_byte":2.7})");
  folder.write("curated_1.json", R"({"bits_per_byte":2.0})");
  folder.write("curated_2.json", R"({"bits_per_byte":2.1})");
  report::HtmlPage page("run", "");
  io::LocalFileSystem files;
  add_comparison(RunFiles(files, folder.path()), page);
  const std::string html = page.render();
  EXPECT_NE(html.find("<b>curated</b> and <b>raw</b> lie 0.5500"), std::string::npos) << html;
  EXPECT_NE(html.find("differ by up to 0.2000"), std::string::npos);
  EXPECT_NE(html.find("2.5000, 2.7000"), std::string::npos);
}

TEST(ReportComparison, IsLeftOutOfARunWithOneArm) {
  const TemporaryFolder folder;
  folder.write("recipe.toml", kRecipe);
  folder.write("raw_1.json", R"({"bits_per_byte":2.5})");
  report::HtmlPage page("run", "");
  io::LocalFileSystem files;
  add_comparison(RunFiles(files, folder.path()), page);
  EXPECT_TRUE(page.empty());
}

TEST(ReportFunnel, FindsACurationInARunAndByItself) {
  const TemporaryFolder folder;
  const std::string ledger = R"({"sources":{"web":{"in":{"documents":3},"layers":[],"out":{}}}})";
  std::filesystem::create_directories(folder.path() + "/curated");
  folder.write("curated/ledger.json", ledger);
  for (const std::string& path : {folder.path(), folder.path() + "/curated"}) {
    io::LocalFileSystem files;
    report::HtmlPage page("run", "");
    add_funnel(RunFiles(files, path), page);
    EXPECT_NE(page.render().find("web"), std::string::npos) << path;
  }
}

TEST(ReportLayers, ShowWhatClassesAreJudgedByWhereALayerTellsClasses) {
  MemoryFileSystem files;
  ASSERT_TRUE(io::write_file(files, "run/ledger.json", "{}"));
  ASSERT_TRUE(io::write_file(files, "run/report/layers.json",
                             R"({"layers":[{"name":"one"},{"name":"two","classes":)"
                             R"({"crime":{"basis":"phrases","model":{"recall":0.5}}}}]})"));
  report::HtmlPage page("run", "");
  add_layers(RunFiles(files, "run"), page);
  const std::string html = page.render();
  const std::size_t classes = html.find("what each class is judged by");
  ASSERT_NE(classes, std::string::npos);
  EXPECT_GT(classes, html.find("2. two"));
  EXPECT_NE(html.find("phrases", classes), std::string::npos);
  EXPECT_NE(html.find("0.50", classes), std::string::npos);
}

TEST(ReportFiles, AreReadAndWrittenThroughTheGivenFileSystem) {
  MemoryFileSystem files;
  ASSERT_TRUE(io::write_file(files, "run/ledger.json",
                             R"({"sources":{"web":{"in":{"documents":3},)"
                             R"("layers":[],"out":{}}}})"));
  ASSERT_TRUE(write_report(files, "run", "run/report.html"));
  const std::string html = io::read_file(files, "run/report.html").value();
  EXPECT_NE(html.find("web"), std::string::npos);
  EXPECT_EQ(write_report(files, "elsewhere", "elsewhere.html").error().code, Code::not_found);
}

}  // namespace
}  // namespace aludel::app
