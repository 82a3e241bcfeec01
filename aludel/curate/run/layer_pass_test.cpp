// Tests what LayerPass does with documents, counts and notes. The layers do what each test says.
#include "aludel/curate/run/layer_pass.h"

#include <functional>

#include <gtest/gtest.h>

#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

class CountingLayer final : public Layer {
 public:
  explicit CountingLayer(std::function<Verdict(Document&)> decide) : decide_(std::move(decide)) {}

  void measure(Document& document) const override {
    document.annotations["measured"] = document.annotations.integer_or("measured", 0) + 1;
  }

  CorpusPlan learn() const override {
    return [](const CorpusFit&) { return Status(Ok{}); };
  }

  Verdict decide(Document& document) const override { return decide_(document); }

 private:
  std::function<Verdict(Document&)> decide_;
};

LayerSpec declared(std::string_view name, Edits edits = Edits::never,
                   Learns learns = Learns::nothing) {
  LayerSpec spec{};
  spec.name = name;
  spec.edits = edits;
  spec.learns = learns;
  return spec;
}

ActiveLayer active(const LayerSpec& spec, std::function<Verdict(Document&)> decide) {
  return ActiveLayer::of(spec, Json::object(), std::make_unique<CountingLayer>(std::move(decide)));
}

Document page_with(std::string text) {
  Document document;
  document.id = "a";
  document.source = "web";
  document.profile = std::string(profile_names()[0]);
  document.text = std::move(text);
  return document;
}

class LayerPassTest : public testing::Test {
 protected:
  LayerPass pass(std::span<const ActiveLayer> layers, Purpose purpose = Purpose::decide,
                 const ActiveLayer* next = nullptr) {
    return {layers, next, words_, purpose, {}};
  }

  GroupWords words_ = GroupWords::create().value();
  const LayerSpec metrics_ = declared("metrics");
  const LayerSpec quality_ = declared("quality", Edits::decisions, Learns::limits);
};

TEST_F(LayerPassTest, StopsAtTheFirstDropAndCountsIt) {
  std::vector<ActiveLayer> layers;
  layers.push_back(active(metrics_, [](Document&) { return Verdict{false, "too_short", 2}; }));
  layers.push_back(active(quality_, [](Document&) -> Verdict {
    ADD_FAILURE() << "a dropped document goes no further";
    return {};
  }));
  LayerPass run = pass(layers);
  Document document = page_with("four");
  EXPECT_FALSE(run.pass(document));
  EXPECT_EQ(document.rejected_by, "metrics");
  EXPECT_EQ(document.reason, "too_short");
  EXPECT_EQ(document.score, 2);
  EXPECT_EQ(run.entry_bytes(), 4U);
  const LayerCounts& counts = run.counts()["web"].layers["metrics"];
  EXPECT_EQ(counts.in, 1U);
  EXPECT_EQ(counts.dropped.at("too_short"), 1U);
  EXPECT_EQ(counts.bytes_dropped, 4U);
}

TEST_F(LayerPassTest, OnlyNotesADropToAnnotate) {
  std::vector<ActiveLayer> layers;
  layers.push_back(active(metrics_, [](Document&) { return Verdict{false, "too_short", 2}; }));
  LayerPass run = pass(layers, Purpose::annotate);
  Document document = page_with("four");
  EXPECT_TRUE(run.pass(document));
  EXPECT_TRUE(would_drop(document));
  EXPECT_TRUE(document.rejected_by.empty());
  EXPECT_EQ(run.counts()["web"].layers["metrics"].kept, 1U);
}

TEST_F(LayerPassTest, GivesBackWhatALayerCutsOff) {
  std::vector<ActiveLayer> layers;
  layers.push_back(active(quality_, [](Document&) {
    return Verdict{.text = "one", .cut_off = "two", .cut_off_score = 0.5};
  }));
  LayerPass run = pass(layers);
  Document document = page_with("one two");
  EXPECT_TRUE(run.pass(document));
  EXPECT_EQ(document.text, "one");
  ASSERT_EQ(run.cut_off().size(), 1U);
  EXPECT_EQ(run.cut_off()[0].id, "a#cut");
  EXPECT_EQ(run.cut_off()[0].text, "two");
  EXPECT_EQ(run.cut_off()[0].score, 0.5);
  const LayerCounts& counts = run.counts()["web"].layers["quality"];
  EXPECT_EQ(counts.bytes_removed, 4);
  EXPECT_EQ(counts.edited, 1U);
}

TEST_F(LayerPassTest, MeasuresForTheNextSegmentAndNotAgainThere) {
  const auto keep = [](Document&) { return Verdict{}; };
  std::vector<ActiveLayer> first;
  first.push_back(active(metrics_, keep));
  std::vector<ActiveLayer> second;
  second.push_back(active(quality_, keep));
  Document document = page_with("text");
  EXPECT_TRUE(pass(first, Purpose::decide, second.data()).pass(document));
  EXPECT_EQ(document.annotations.integer_or("measured", 0), 2) << "by metrics, and for quality";
  EXPECT_TRUE(pass(second).pass(document));
  EXPECT_EQ(document.annotations.integer_or("measured", 0), 2);
}

TEST_F(LayerPassTest, MeasuresNothingForTheNextSegmentOfADroppedDocument) {
  std::vector<ActiveLayer> first;
  first.push_back(active(metrics_, [](Document&) { return Verdict{false, "too_short", 2}; }));
  std::vector<ActiveLayer> second;
  second.push_back(active(quality_, [](Document&) { return Verdict{}; }));
  Document document = page_with("text");
  EXPECT_FALSE(pass(first, Purpose::decide, second.data()).pass(document));
  EXPECT_EQ(document.annotations.integer_or("measured", 0), 1);
}

}  // namespace
}  // namespace aludel::curate
