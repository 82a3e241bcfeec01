#include "aludel/curate/run/layer_runner.h"

#include <functional>

#include <gtest/gtest.h>

#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

using Measure = std::function<void(Document&)>;
using Decide = std::function<Verdict(Document&)>;

/// A layer that does what the test says.
class MadeLayer final : public Layer {
 public:
  MadeLayer(Measure measure, Decide decide)
      : measure_(std::move(measure)), decide_(std::move(decide)) {}

  void measure(Document& document) const override {
    if (measure_) measure_(document);
  }

  Verdict decide(Document& document) const override {
    return decide_ ? decide_(document) : Verdict{};
  }

 private:
  Measure measure_;
  Decide decide_;
};

LayerSpec spec_of(Edits edits) {
  LayerSpec spec{};
  spec.name = "quality";
  spec.edits = edits;
  return spec;
}

Document document_with(std::string text) {
  Document document;
  document.text = std::move(text);
  return document;
}

/// Returns a layer that cuts the text, as a decision or as a repair.
MadeLayer cutter(Edits edits) {
  if (edits == Edits::repairs) return {[](Document& document) { document.text = "short"; }, {}};
  return {{}, [](Document&) { return Verdict{.text = "short", .cut_off = "the rest"}; }};
}

TEST(LayerRunner, LeavesAnEditAndNotesTheBytesBeforeIt) {
  const LayerRunner runner(Purpose::decide);
  for (const Edits edits : {Edits::decisions, Edits::repairs}) {
    const LayerSpec spec = spec_of(edits);
    Document document = document_with("a long text");
    LayerOutcome outcome = runner.run({spec, cutter(edits)}, document);
    EXPECT_EQ(outcome.text_before, "a long text");
    EXPECT_EQ(outcome.bytes_in, 11U);
    EXPECT_EQ(outcome.bytes_out, 5U);
    EXPECT_TRUE(outcome.is_edited);
    EXPECT_EQ(document.annotations.dump(), "{}") << "who looks at the notes sees the layer's own";
    runner.settle(spec, document, outcome);
    EXPECT_EQ(document.text, "short");
    EXPECT_EQ(document.annotations.dump(), R"({"quality":{"bytes_in":11}})");
  }
}

TEST(LayerRunner, UndoesADecisionAndLeavesARepairWhenAnnotating) {
  const LayerRunner runner(Purpose::annotate);
  for (const Edits edits : {Edits::decisions, Edits::repairs}) {
    const LayerSpec spec = spec_of(edits);
    Document document = document_with("a long text");
    LayerOutcome outcome = runner.run({spec, cutter(edits)}, document);
    EXPECT_EQ(document.text, "short") << "the report shows what the edit does";
    runner.settle(spec, document, outcome);
    EXPECT_EQ(document.text, edits == Edits::repairs ? "short" : "a long text");
    EXPECT_EQ(outcome.is_edited, edits == Edits::repairs);
    EXPECT_EQ(outcome.verdict.cut_off, "") << "nothing was cut off";
    EXPECT_EQ(outcome.bytes_out, document.text.size());
  }
}

TEST(LayerRunner, DropsADocumentThatALayerLeavesWithoutText) {
  const MadeLayer empties([](Document& document) { document.text.clear(); }, {});
  const std::vector<RecoverRule> rules = {parse_recover_rule("quality").value()};
  const LayerSpec spec = spec_of(Edits::repairs);
  Document document = document_with("a text");
  const LayerOutcome outcome = LayerRunner(Purpose::decide, rules).run({spec, empties}, document);
  EXPECT_FALSE(outcome.verdict.keep) << "no rule recovers a document without text";
  EXPECT_EQ(outcome.verdict.reason, "no_text");
}

TEST(LayerRunner, RecoversWhatARuleMatchesUnlessItAnnotates) {
  const MadeLayer drops({}, [](Document&) { return Verdict{false, "low_quality", 0.3}; });
  const std::vector<RecoverRule> rules = {parse_recover_rule("quality score>0.2").value()};
  const LayerSpec spec = spec_of(Edits::never);
  for (const Purpose purpose : {Purpose::decide, Purpose::annotate}) {
    Document document = document_with("a text");
    const LayerOutcome outcome = LayerRunner(purpose, rules).run({spec, drops}, document);
    EXPECT_EQ(outcome.verdict.keep, purpose == Purpose::decide);
    EXPECT_EQ(document.annotations.find("recovered") != nullptr, purpose == Purpose::decide);
    EXPECT_EQ(outcome.verdict.reason, "low_quality");
  }
}

TEST(LayerRunner, ALayerThatMakesTheTextHasItsOutputForInput) {
  const MadeLayer extracts([](Document& document) { document.text = "extracted"; }, {});
  const LayerSpec spec = spec_of(Edits::repairs);
  Document document;
  document.raw = "<p>extracted";
  const LayerOutcome outcome = LayerRunner(Purpose::decide).run({spec, extracts}, document);
  EXPECT_EQ(outcome.bytes_in, 9U);
  EXPECT_EQ(outcome.bytes_judged, 12U);
  EXPECT_FALSE(outcome.is_edited);
  EXPECT_TRUE(document.raw.empty());
}

TEST(LayerRunner, MeasuresAgainOnlyWhereTheTextIsNotTheOneThatWasNoted) {
  int measured = 0;
  const MadeLayer counts([&](Document&) { ++measured; }, {});
  const LayerSpec spec = spec_of(Edits::never);
  const LayerRunner runner(Purpose::decide);
  Document document = document_with("a text");
  begin_stored(document, RunKind::annotated);
  runner.run({spec, counts, Origin::noted}, document);
  EXPECT_EQ(measured, 0);
  document.text = "a cut text";
  runner.run({spec, counts, Origin::noted}, document);
  EXPECT_EQ(measured, 1);
}

TEST(LayerRunner, LeavesWhatADecidedRunDecided) {
  const MadeLayer drops({}, [](Document&) { return Verdict{false, "anew", 1}; });
  const LayerSpec spec = spec_of(Edits::never);
  const LayerRunner runner(Purpose::decide);
  Document kept = document_with("a text");
  begin_stored(kept, RunKind::decided);
  EXPECT_TRUE(runner.run({spec, drops, Origin::settled}, kept).verdict.keep);
  Document rejected = document_with("a text");
  rejected.rejected_by = "quality";
  rejected.reason = "low_quality";
  begin_stored(rejected, RunKind::decided);
  EXPECT_EQ(runner.run({spec, drops, Origin::settled}, rejected).verdict.reason, "low_quality");
  Document earlier = document_with("a text");
  earlier.rejected_by = "metrics";
  begin_stored(earlier, RunKind::decided);
  EXPECT_EQ(runner.run({spec, drops, Origin::settled}, earlier).verdict.reason, "anew")
      << "the run never judged it here";
}

}  // namespace
}  // namespace aludel::curate
