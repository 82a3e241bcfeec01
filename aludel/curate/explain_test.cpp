// One document of a run, layer by layer.
#include "aludel/curate/explain.h"

#include "tests/curate_run.h"
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

class Explain : public CurateRun {
 protected:
  void SetUp() override {
    write("open/a.jsonl", jsonl(0, 12) + jsonl(3, 1) +
                              R"({"url":"https://example.org/short","text":"Too short."})" + "\n");
    toml_ = std::string(kLayersOff) + "[[sources]]\nname = \"open\"\npath = \"open\"\n";
    ASSERT_TRUE(run("out"));
  }

  Result<Json> explained(const std::string& which, const std::string& out = "out") {
    Threads threads(1);
    return explain(files_, threads, folder_ / out, which, "");
  }

  static const Json& layer(const Json& explanation, std::string_view name) {
    for (const Json& row : explanation.find("layers")->as_array()) {
      if (row.string_or("name", "") == name) return row;
    }
    static const Json none;
    return none;
  }
};

TEST_F(Explain, SetsCutOffsBesideWhatWasMeasuredAndGoesOnBehindTheDrop) {
  const auto explanation = explained("http://www.example.org/short/");
  ASSERT_TRUE(explanation) << explanation.error().message;
  const Json& json = explanation.value();
  EXPECT_EQ(json.string_or("outcome", ""), "rejected");
  EXPECT_EQ(json.string_or("rejected_by", ""), "metrics");
  EXPECT_EQ(json.string_or("text_from", ""), "source");
  const Json& metrics = layer(json, "metrics");
  EXPECT_EQ(metrics.string_or("decision", ""), "drop");
  EXPECT_EQ(metrics.string_or("reason", ""), json.string_or("reason", "-"));
  const Json& words = metrics.find("cut_offs")->as_array()[0];
  EXPECT_EQ(words.dump(),
            R"({"value":"words","measured":2,"side":"at_least","limit":50,"holds":false,)"
            R"("setting":"min_words"})");
  EXPECT_TRUE(layer(json, "repetition").bool_or("after_drop", false));
  EXPECT_EQ(layer(json, "safety").string_or("decision", ""), "off");
}

TEST_F(Explain, ReplaysFittedLayersByTheStateOfTheRun) {
  for (const Document& document : documents("out/rejects")) {
    if (document.rejected_by == "metrics") continue;
    const auto explanation = explained(document.id);
    ASSERT_TRUE(explanation);
    const Json& row = layer(explanation.value(), document.rejected_by);
    EXPECT_EQ(row.string_or("decision", ""), "drop") << document.rejected_by;
    EXPECT_EQ(row.string_or("reason", ""), document.reason);
    EXPECT_EQ(row.number_or("score", 0), document.score);
  }
  const auto kept = documents("out/kept");
  const auto explanation = explained(kept[0].id);
  ASSERT_TRUE(explanation);
  for (const Json& row : explanation.value().find("layers")->as_array()) {
    EXPECT_NE(row.string_or("decision", ""), "drop") << row.dump();
    const Json* noted = kept[0].annotations.find(row.string_or("name", ""));
    if (noted == nullptr) continue;
    EXPECT_EQ(row.find("measured")->dump(), noted->dump());
  }
}

TEST_F(Explain, ShowsWhatTheRunNotedWhereTheSourceIsGone) {
  ASSERT_TRUE(files_.remove(folder_ / "open"));
  const auto explanation = explained("https://example.org/short");
  ASSERT_TRUE(explanation) << explanation.error().message;
  const Json& json = explanation.value();
  EXPECT_EQ(json.string_or("text_from", ""), "notes");
  EXPECT_EQ(layer(json, "metrics").string_or("decision", ""), "drop");
  EXPECT_FALSE(layer(json, "metrics").find("cut_offs")->as_array()[0].bool_or("holds", true));
  EXPECT_EQ(layer(json, "repetition").string_or("decision", ""), "not reached");
}

TEST_F(Explain, NamesWhatIsNotThere) {
  const auto missing = explained("https://example.org/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  const auto no_run = explained("x", "nowhere");
  ASSERT_FALSE(no_run);
  EXPECT_NE(no_run.error().message.find("is no finished run"), std::string::npos);
}

}  // namespace
}  // namespace aludel::curate
