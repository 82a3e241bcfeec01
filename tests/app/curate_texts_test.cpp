// What `aludel curate` and `aludel corpus` print for people, of values that may be missing.
#include <filesystem>

#include "app/commands/corpus/cost_text.h"
#include "app/commands/corpus/explanation_text.h"
#include "app/commands/curate/trade_off_text.h"
#include "app/report/sections.h"
#include "tests/temporary_folder.h"
#include <gtest/gtest.h>

#include "aludel/io/file_system.h"

namespace aludel::app {
namespace {

TEST(ExplanationText, TakesLayersThatMeasuredNothing) {
  for (const char* measured : {"null", "{}", "[]", "3", R"("x")"}) {
    const std::string layers = std::string(R"([{"name":"semantic","decision":"drop","measured":)") +
                               measured + R"(,"settings":null,"cut_offs":null},
        {"name":"topic","decision":"not reached","cut_offs":[{"value":"p"},
          {"value":"q","measured":null,"limit":2}]}])";
    const Json json =
        parse_json(R"({"id":"a","outcome":"rejected","layers":)" + layers + "}").value();
    const std::string text = explanation_text(json);
    EXPECT_NE(text.find(" 1 semantic"), std::string::npos) << text;
    EXPECT_NE(text.find(" 2 topic"), std::string::npos) << text;
  }
  EXPECT_FALSE(explanation_text(parse_json(R"({"layers":null})").value()).empty());
}

TEST(ExplanationText, SaysWhatOfAFileWasNotRead) {
  const Json json = parse_json(R"({"id":"a","outcome":"rejected","rejected_by":"read",
      "reason":"bad_json","score":0,"read":{"path":"a.jsonl","count":3},"layers":[]})")
                        .value();
  EXPECT_NE(explanation_text(json).find("not read: path=a.jsonl count=3"), std::string::npos);
}

TEST(TradeOffText, TakesRowsWithoutQualityOrPerplexity) {
  const Json json = parse_json(R"({"table":[{"documents":4,"mean_quality":null}],
      "solution":{"documents":2,"median_perplexity":null}})")
                        .value();
  EXPECT_NE(trade_off_text(json).find("<- the target"), std::string::npos);
  EXPECT_FALSE(trade_off_text(parse_json(R"({"table":null})").value()).empty());
}

TEST(CostText, SpeaksOfHoursAndOfHoursOnSomeCores) {
  curate::RunCost cost;
  cost.cpu_seconds = {{"read", 7200}};
  cost.input_bytes = 1e9;
  EXPECT_EQ(cost_text(cost, {}).find("cores"), std::string::npos);
  const std::string text = cost_text(cost, {.cores = 4});
  EXPECT_NE(text.find("2.0000 CPU hours"), std::string::npos) << text;
  EXPECT_NE(text.find("0.5000 hours on 4 cores"), std::string::npos) << text;
}

TEST(ReportOfACuration, ShowsCommandModelsWarningsAndSettings) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder.path() + "/report");
  folder.write("ledger.json", R"({"sources":{"web":{"in":{"documents":9},"layers":[],
      "out":{"tokens":null},"not_read":{"reasons":{"bad_json":3},
      "files":[{"path":"in/<a>.jsonl","reason":"bad_json","count":3}],"more_files":2},
      "incomplete":{"reasons":{"missing_chapters":1},
      "files":[{"path":"in/b.epub","reason":"missing_chapters","count":1}],"more_files":0}}}})");
  folder.write("report/command.json", R"({"version":"9.9","words":["curate","run.toml"]})");
  folder.write("report/models.json",
               R"({"models":[{"line":"quality.classifier: learnt from manuals"}],
                   "cautions":["layer quality judged languages"]})");
  folder.write("config.resolved.toml", "preset = \"web\"\n");
  report::HtmlPage page("run", "");
  io::LocalFileSystem files;
  const RunFiles of_run(files, folder.path());
  add_provenance(of_run, page);
  add_funnel(of_run, page);
  const std::string html = page.render();
  for (const char* shown :
       {"aludel curate run.toml", "version 9.9", "learnt from manuals", "judged languages",
        "in/&lt;a&gt;.jsonl", "in/b.epub", "2 more in rejects", "preset = ", "not counted"}) {
    EXPECT_NE(html.find(shown), std::string::npos) << shown;
  }
}

}  // namespace
}  // namespace aludel::app
