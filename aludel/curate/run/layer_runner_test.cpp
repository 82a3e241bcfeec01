#include "aludel/curate/run/layer_runner.h"

#include <functional>

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

/// A layer that does what the test says.
class MadeLayer final : public Layer {
 public:
  explicit MadeLayer(std::function<Verdict(Document&)> judge) : judge_(std::move(judge)) {}

  Verdict judge(Document& document) const override { return judge_(document); }

 private:
  std::function<Verdict(Document&)> judge_;
};

LayerSpec spec_of(LayerKind kind, Edits edits = Edits::decision) {
  LayerSpec spec{};
  spec.name = "quality";
  spec.kind = kind;
  spec.edits = edits;
  return spec;
}

Document document_with(std::string text) {
  Document document;
  document.text = std::move(text);
  return document;
}

const MadeLayer kCuts([](Document& document) {
  document.text = "short";
  return Verdict{true, "", 0, "the rest"};
});

TEST(LayerRunner, LeavesAnEditAndNotesTheBytesBeforeIt) {
  const LayerRunner runner(Purpose::decide);
  const LayerSpec spec = spec_of(LayerKind::edit);
  Document document = document_with("a long text");
  LayerOutcome outcome = runner.run(spec, kCuts, document);
  EXPECT_EQ(outcome.text_before, "a long text");
  EXPECT_EQ(outcome.bytes_in, 11U);
  EXPECT_EQ(outcome.bytes_out, 5U);
  EXPECT_TRUE(outcome.is_edited);
  EXPECT_EQ(document.annotations.dump(), "{}") << "who looks at the notes sees the layer's own";
  runner.settle(spec, document, outcome);
  EXPECT_EQ(document.text, "short");
  EXPECT_EQ(document.annotations.dump(), R"({"quality":{"bytes_in":11}})");
}

TEST(LayerRunner, UndoesADecisionAndLeavesARepairWhenAnnotating) {
  const LayerRunner runner(Purpose::annotate);
  for (const Edits edits : {Edits::decision, Edits::repair}) {
    const LayerSpec spec = spec_of(LayerKind::edit, edits);
    Document document = document_with("a long text");
    LayerOutcome outcome = runner.run(spec, kCuts, document);
    EXPECT_EQ(document.text, "short") << "the report shows what the edit does";
    runner.settle(spec, document, outcome);
    EXPECT_EQ(document.text, edits == Edits::repair ? "short" : "a long text");
    EXPECT_EQ(outcome.is_edited, edits == Edits::repair);
    EXPECT_EQ(outcome.verdict.cut_off, edits == Edits::repair ? "the rest" : "");
    EXPECT_EQ(outcome.bytes_out, document.text.size());
  }
}

TEST(LayerRunner, DropsADocumentThatALayerLeavesWithoutText) {
  const MadeLayer empties([](Document& document) {
    document.text.clear();
    return Verdict{};
  });
  const std::vector<RecoverRule> rules = {parse_recover_rule("quality").value()};
  Document document = document_with("a text");
  const LayerOutcome outcome =
      LayerRunner(Purpose::decide, rules).run(spec_of(LayerKind::edit), empties, document);
  EXPECT_FALSE(outcome.verdict.keep) << "no rule recovers a document without text";
  EXPECT_EQ(outcome.verdict.reason, "no_text");
}

TEST(LayerRunner, RecoversWhatARuleMatchesUnlessItAnnotates) {
  const MadeLayer drops([](Document&) { return Verdict{false, "low_quality", 0.3}; });
  const std::vector<RecoverRule> rules = {parse_recover_rule("quality score>0.2").value()};
  for (const Purpose purpose : {Purpose::decide, Purpose::annotate}) {
    Document document = document_with("a text");
    const LayerOutcome outcome =
        LayerRunner(purpose, rules).run(spec_of(LayerKind::document), drops, document);
    EXPECT_EQ(outcome.verdict.keep, purpose == Purpose::decide);
    EXPECT_EQ(document.annotations.find("recovered") != nullptr, purpose == Purpose::decide);
    EXPECT_EQ(outcome.verdict.reason, "low_quality");
  }
}

TEST(LayerRunner, ALayerThatMakesTheTextHasItsOutputForInput) {
  const MadeLayer extracts([](Document& document) {
    document.text = "extracted";
    return Verdict{};
  });
  Document document;
  document.raw = "<p>extracted";
  const LayerOutcome outcome =
      LayerRunner(Purpose::decide).run(spec_of(LayerKind::edit, Edits::repair), extracts, document);
  EXPECT_EQ(outcome.bytes_in, 9U);
  EXPECT_EQ(outcome.bytes_judged, 12U);
  EXPECT_FALSE(outcome.is_edited);
  EXPECT_TRUE(document.raw.empty());
}

}  // namespace
}  // namespace aludel::curate
