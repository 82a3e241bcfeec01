// Tests the explanation of one document of a run, layer by layer.
#include "aludel/curate/revisit/explain.h"

#include "tests/all_layers_run.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"

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
    for (const auto& [name, value] : noted->as_object()) {
      const Json* measured = row.find("measured")->find(name);
      ASSERT_NE(measured, nullptr) << name;
      EXPECT_EQ(measured->dump(), value.dump()) << name;
    }
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

TEST_F(Explain, FindsWhatWasNotReadByItsFile) {
  write("open/b.jsonl", "{bad\n");
  ASSERT_TRUE(run("other"));
  const auto explanation = explained(folder_ / "open/b.jsonl", "other");
  ASSERT_TRUE(explanation) << explanation.error().message;
  EXPECT_EQ(explanation.value().string_or("rejected_by", ""), "read");
  EXPECT_EQ(explanation.value().string_or("reason", ""), "bad_json");
  EXPECT_EQ(explanation.value().find("read")->integer_or("count", 0), 1);
}

TEST_F(Explain, NamesWhatIsNotThere) {
  const auto missing = explained("https://example.org/none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::not_found);
  const auto no_run = explained("x", "nowhere");
  ASSERT_FALSE(no_run);
  EXPECT_NE(no_run.error().message.find("is no finished run"), std::string::npos);
}

class ExplainAllLayers : public AllLayersRun {
 protected:
  void SetUp() override {
    AllLayersRun::SetUp();
    const std::string off = "language = \"off\"\n";
    toml_.replace(toml_.find(off), off.size(),
                  "[layers.language]\nmin_confidence = 0\nlanguages = [\"en\"]\n");
    toml_.replace(toml_.find("max_incoherence = 1"), 19, "max_incoherence = 0.3");
    const auto done =
        run_with(with("out", {"layers.quality.drop_share=0.3", "layers.perplexity.drop_share=0.1",
                              "layers.perplexity.deviations=1"}));
    ASSERT_TRUE(done) << done.error().message;
  }

  Result<Json> explained(const std::string& which) {
    Threads threads(1);
    return explain(files_, threads, folder_ / "out", which, "");
  }
};

TEST_F(ExplainAllLayers, ExplainsARejectOfEachReasonWithObjectsForWhatWasMeasured) {
  std::map<std::string, std::string> ids;  // by layer and reason
  for (const Document& document : documents("out/rejects")) {
    ids[document.rejected_by + ":" + document.reason] = document.id;
  }
  ASSERT_GT(ids.size(), 5U);
  for (const auto& [why, id] : ids) {
    const auto explanation = explained(id);
    ASSERT_TRUE(explanation) << why << ": " << explanation.error().message;
    EXPECT_EQ(explanation.value().string_or("rejected_by", "") + ":" +
                  explanation.value().string_or("reason", ""),
              why);
    const Json::Array& layers = explanation.value().find("layers")->as_array();
    EXPECT_EQ(layers.size(), cascade_order().size());
    for (const Json& layer : layers) {
      const Json* measured = layer.find("measured");
      EXPECT_TRUE(measured == nullptr || measured->is_object()) << why << ": " << layer.dump();
    }
  }
}

TEST_F(ExplainAllLayers, ShowsTheScoresOfSafetyAndNamesTheSettingThatHoldsALimit) {
  const auto kept = documents("out/kept");
  ASSERT_FALSE(kept.empty());
  const auto explanation = explained(kept[0].id);
  ASSERT_TRUE(explanation);
  for (const Json& layer : explanation.value().find("layers")->as_array()) {
    if (layer.string_or("name", "") == "safety") {
      EXPECT_NE(layer.find("measured")->find("scores"), nullptr) << layer.dump();
    }
    if (layer.string_or("name", "") != "quality") continue;
    for (const Json& row : layer.find("cut_offs")->as_array()) {
      if (row.string_or("value", "") != "incoherence") continue;
      EXPECT_EQ(row.string_or("setting", ""), "max_incoherence");
    }
  }
}

TEST_F(ExplainAllLayers, FindsAPartThatWasCutOffByItsId) {
  Document part;
  for (const Document& document : documents("out/rejects")) {
    if (document.id.ends_with("#cut")) part = document;
  }
  if (part.id.empty()) GTEST_SKIP() << "no text of these was cut at a seam";
  const auto explanation = explained(part.id);
  ASSERT_TRUE(explanation) << explanation.error().message;
  EXPECT_EQ(explanation.value().string_or("id", ""), part.id);
  EXPECT_EQ(explanation.value().string_or("reason", ""), kCutAtSeam);
}

}  // namespace
}  // namespace aludel::curate
