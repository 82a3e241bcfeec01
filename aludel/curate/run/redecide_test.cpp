// An annotated run that is decided again keeps what a new run over the sources keeps.
#include "tests/all_layers_run.h"
#include <gtest/gtest.h>

#include "aludel/curate/cascade/cascade.h"
#include "aludel/curate/cascade/notes.h"
#include "aludel/curate/run/redecide_plan.h"
#include "aludel/curate/run/stored_run.h"
#include "aludel/curate/sources/ledger.h"

namespace aludel::curate {
namespace {

class Redecide : public AllLayersRun {
 protected:
  Result<CurateConfig> over(const std::string& from, const std::string& out,
                            const std::vector<std::string>& set) {
    const auto run = ALUDEL_TRY(StoredRun::open(files_, folder_ / from));
    CurateConfig config = ALUDEL_TRY(config_over_run(run, "", "test", set));
    config.out = folder_ / out;
    return config;
  }

  std::map<std::string, std::string> texts(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (const Document& document : documents(folder)) {
      all[document.id] = document.text;
      EXPECT_FALSE(is_stored(document)) << "notes of the reading do not stay";
    }
    return all;
  }

  std::map<std::string, std::string> reasons(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (const Document& document : documents(folder)) {
      all[document.id] = document.rejected_by + ":" + document.reason;
    }
    return all;
  }

  /// The layers that noted something, by document; a repair's note is on whatever has its text.
  std::map<std::string, std::string> layers_that_noted(const std::string& folder) {
    std::map<std::string, std::string> all;
    for (const Document& document : documents(folder)) {
      std::string& names = all[document.id];
      for (const std::string_view name : cascade_order()) {
        const Json* notes = document.annotations.find(name);
        const bool is_repair = find_layer(name).value()->edits == Edits::repairs;
        if (!is_repair && notes != nullptr && notes->is_object()) names += fmt::format("{} ", name);
      }
    }
    return all;
  }

  void expect_same_run(const std::string& out, const std::string& fresh) {
    EXPECT_EQ(texts(out + "/kept"), texts(fresh + "/kept"));
    EXPECT_EQ(reasons(out + "/rejects"), reasons(fresh + "/rejects"));
    EXPECT_EQ(ledger(out).dump_pretty(), ledger(fresh).dump_pretty());
  }
};

const std::vector<std::string> kStricter = {
    "layers.metrics.min_words=100",           "layers.metrics.max_hashes_per_word=0.02",
    "layers.repetition.max_top_2gram=0.1",    "layers.perplexity.drop_share=0.1",
    "layers.perplexity.deviations=1",         "layers.quality.drop_share=0.3",
    "layers.quality.keep_score=0.9",          "layers.safety.threshold=0.2",
    "layers.topic.min_probability=0.3",       "layers.topic.keep_rate=0.5",
    "layers.minhash_dedup.min_similarity=0.4"};

const std::vector<std::string> kLooser = {"layers.metrics.min_words=5",
                                          "layers.metrics.min_sentences=0",
                                          "layers.metrics.max_hashes_per_word=1",
                                          "layers.correction.max_removed_words=1",
                                          "layers.repetition=off",
                                          "layers.quality.drop_share=0",
                                          "layers.topic=off",
                                          "layers.semantic=off"};

const std::vector<std::string> kCoherent = {"layers.quality.max_incoherence=0.9",
                                            "layers.safety.mask=violence"};

TEST_F(Redecide, KeepsWhatANewRunWithTheseSettingsKeeps) {
  CurateConfig annotate = with("all", {});
  annotate.annotate = true;
  const auto annotated = run_with(annotate);
  ASSERT_TRUE(annotated) << annotated.error().message;
  EXPECT_EQ(annotated.value().documents_kept, annotated.value().documents_in);
  EXPECT_TRUE(check_ledger(ledger("all")));
  ASSERT_TRUE(files_.remove(folder_ / "open"));  // the sources are not read again
  ASSERT_TRUE(files_.remove(folder_ / "books"));
  int number = 0;
  for (const auto& set : {std::vector<std::string>(), kStricter, kLooser, kCoherent}) {
    const std::string out = fmt::format("out{}", ++number);
    const auto config = over("all", out, set);
    ASSERT_TRUE(config) << config.error().message;
    const auto summary = run_with(config.value());
    ASSERT_TRUE(summary) << summary.error().message;
  }
  SetUp();
  number = 0;
  for (const auto& set : {std::vector<std::string>(), kStricter, kLooser, kCoherent}) {
    const std::string fresh = fmt::format("fresh{}", ++number);
    ASSERT_TRUE(run_with(with(fresh, set)));
    SCOPED_TRACE(fresh);
    expect_same_run(fmt::format("out{}", number), fresh);
  }
  EXPECT_NE(texts("out1/kept"), texts("out2/kept"));
  EXPECT_NE(texts("out1/kept"), texts("out3/kept"));
}

TEST_F(Redecide, FitsAnnotatedLayersOnWhatARunWouldHave) {
  CurateConfig annotate = with("all", {});
  annotate.annotate = true;
  ASSERT_TRUE(run_with(annotate));
  ASSERT_TRUE(run_with(with("fresh", {})));
  const std::string state = "state/perplexity/perplexity.jsonl";
  EXPECT_EQ(io::read_file(files_, folder_ / ("all/" + state)).value(),
            io::read_file(files_, folder_ / ("fresh/" + state)).value());
  const auto original = documents("all/kept");
  std::size_t fallen = 0;
  for (const Document& document : original) {
    if (would_drop(document)) ++fallen;
  }
  EXPECT_GT(fallen, 20U);
}

TEST_F(Redecide, LeavesTheSameBytesForAnyNumberOfWorkers) {
  CurateConfig annotate = with("all", {});
  annotate.annotate = true;
  ASSERT_TRUE(run_with(annotate));
  for (const int workers : {1, 2, 7}) {
    ASSERT_TRUE(run_with(over("all", fmt::format("w{}", workers), kStricter).value(), workers));
  }
  EXPECT_EQ(content("w1"), content("w2"));
  EXPECT_EQ(content("w1"), content("w7"));
  EXPECT_TRUE(run_with(over("all", "w1", kStricter).value()).value().was_done_before);
}

TEST_F(Redecide, RefusesByNameWhatNotesCannotTell) {
  CurateConfig annotate = with("all", {"layers.metrics=off"});
  annotate.annotate = true;
  ASSERT_TRUE(run_with(annotate));
  ASSERT_TRUE(run_with(with("plain", {})));
  const auto message = [&](const std::string& from, const std::vector<std::string>& set) {
    const auto config = over(from, "refused", set);
    if (!config) return config.error().message;
    const auto result = run_with(config.value());
    return result ? std::string("no error") : result.error().message;
  };
  const auto expect = [&](const std::string& found, const std::string& wanted) {
    EXPECT_NE(found.find(wanted), std::string::npos) << found;
  };
  expect(message("all", {"layers.correction.pii=off"}),
         "layers.correction.pii cannot be changed from annotations (it changes the text)");
  expect(message("all", {"layers.repetition.characters_per_cjk_word=2"}), "it changes what is");
  expect(message("all", {"layers.repetition.compat=\"dolma\""}), "layers.repetition.compat cannot");
  expect(message("all", {"layers.correction=off"}), "the texts of the run have its edits");
  expect(message("all", {"seed=3"}), "seed 0");
  expect(message("plain", {"layers.metrics.min_words=3"}), "was not annotated");
  expect(message("nothing", {}), "is no finished run of curate");
  EXPECT_FALSE(files_.info(folder_ / "refused/kept/00002.jsonl.zst"));
  const std::string off = "language = \"off\"\n";
  toml_.erase(toml_.find(off), off.size());
  auto reading = with("refused", {"layers.metrics=off"});
  reading.from = folder_ / "all";
  const auto refused = run_with(reading);
  ASSERT_FALSE(refused);
  expect(refused.error().message, "it reads what only the sources have");
}

struct NewFilterSettings {
  double limit = 1;
  double dial = 1;

  template <class V>
  void visit(V& v) {
    v("limit", limit, "what is measured");
    v("dial", dial, "what decides").read_at = ReadAt::decision;
  }
};

// Regression: a layer that reads the text again was measured on a text that had been repaired
// later.
TEST(RedecidePlan, RefusesALayerThatDecidesByATextThatIsGone) {
  LayerSpec spec{};
  spec.name = "new_filter";
  spec.show_settings = default_settings<NewFilterSettings>;
  const ResolvedLayer layer{&spec, {{true, Json::object()}}};
  const std::size_t profiles[] = {0};
  EXPECT_EQ(plan_layer(layer, layer, true, profiles).value().origin, Origin::noted);
  spec.decides_by = DecidesBy::text;
  EXPECT_EQ(plan_layer(layer, layer, false, profiles).value().origin, Origin::noted);
  const auto refused = plan_layer(layer, layer, true, profiles);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("new_filter decides by the text"), std::string::npos);
  // A layer whose settings have changed is measured again, but not on a text that it never saw.
  Json changed = Json::object();
  changed["limit"] = 2;
  const ResolvedLayer now{&spec, {{true, changed}}};
  spec.decides_by = DecidesBy::notes;
  EXPECT_EQ(plan_layer(layer, now, false, profiles).value().origin, Origin::measured);
  EXPECT_FALSE(plan_layer(layer, now, true, profiles));
  Json turned = Json::object();
  turned["dial"] = 2;
  EXPECT_EQ(plan_layer(layer, {&spec, {{true, turned}}}, true, profiles).value().origin,
            Origin::noted);
}

// Regression: notes of layers that are off, or that never saw the document, came along from the
// annotated run; a layer that ranks by the noted quality then kept another of several copies.
TEST_F(Redecide, HasTheNotesOfTheLayersThatAFreshRunHas) {
  ASSERT_TRUE(run_with(with("annotated", {"annotate=true"})));
  const std::vector<std::string> off = {"layers.quality=off", "layers.topic=off",
                                        "layers.metrics.min_words=60"};
  const auto config = over("annotated", "again", off);
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(run_with(config.value()));
  ASSERT_TRUE(run_with(with("fresh", off)));
  expect_same_run("again", "fresh");
  for (const std::string folder : {"/kept", "/rejects"}) {
    const auto again = layers_that_noted("again" + folder);
    EXPECT_EQ(again, layers_that_noted("fresh" + folder));
    EXPECT_FALSE(again.empty());
  }
}

// Regression: if minhash_dedup was turned off, documents had the cluster of the annotated run.
TEST_F(Redecide, LeavesNoClusterThatThisRunDidNotFind) {
  ASSERT_TRUE(run_with(with("annotated", {"annotate=true"})));
  auto config = over("annotated", "off", {"layers.minhash_dedup=off"});
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_TRUE(run_with(config.value()));
  for (const Document& document : documents("off/kept")) {
    EXPECT_EQ(document.cluster, "") << document.id;
  }
  EXPECT_FALSE(documents("off/kept").empty());
}

// Runs of earlier versions named our own way of counting by an empty text.
TEST_F(Redecide, ReadsARunThatSpellsOurOwnWayAsEmpty) {
  ASSERT_TRUE(run_with(with("annotated", {"annotate=true"})));
  const std::string path = folder_ / "annotated/config.resolved.toml";
  std::string toml = io::read_file(files_, path).value();
  const auto at = toml.find("compat = \"none\"");
  ASSERT_NE(at, std::string::npos);
  toml.replace(at, 15, "compat = \"\"");
  ASSERT_TRUE(io::write_file(files_, path, toml));
  EXPECT_TRUE(StoredRun::open(files_, folder_ / "annotated"));
}

TEST_F(Redecide, RecoversRejectsAndBalances) {
  ASSERT_TRUE(run_with(with("plain", {})));
  const auto rejects = reasons("plain/rejects");
  std::size_t wanted = 0;
  for (const auto& [id, reason] : rejects) {
    if (reason == "metrics:too_few_words") ++wanted;
  }
  ASSERT_GT(wanted, 3U);
  auto config = over("plain", "more", {});
  ASSERT_TRUE(config);
  config.value().recover = {"metrics:too_few_words score<1.6; minhash_dedup",
                            "paragraph_dedup language=en", "topic"};
  const auto summary = run_with(config.value());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_TRUE(check_ledger(ledger("more")));
  std::int64_t tagged = 0;
  const auto before = texts("plain/kept");
  auto left = before;
  for (const Document& document : documents("more/kept")) {
    left.erase(document.id);
    const Json* tag = document.annotations.find("recovered");
    EXPECT_EQ(tag != nullptr, !before.contains(document.id));
    if (tag != nullptr) ++tagged;
    if (before.contains(document.id)) {
      EXPECT_EQ(document.text, before.at(document.id));
    }
  }
  EXPECT_GT(tagged, 3);
  EXPECT_TRUE(left.empty()) << "what was kept stays";
  EXPECT_EQ(row("more", "open", "read").integer_or("in", 0),
            row("plain", "open", "read").integer_or("in", 0));
  EXPECT_GT(row("more", "open", "metrics").integer_or("recovered", 0) +
                row("more", "open", "minhash_dedup").integer_or("recovered", 0),
            0);
  EXPECT_EQ(documents("more/kept").size() + documents("more/rejects").size(),
            documents("plain/kept").size() + documents("plain/rejects").size());
  for (const int workers : {1, 7}) {
    config.value().out = folder_ / fmt::format("more{}", workers);
    ASSERT_TRUE(run_with(config.value(), workers));
    EXPECT_EQ(texts(fmt::format("more{}/kept", workers)), texts("more/kept"));
  }
}

TEST_F(Redecide, SaysWhichRuleMatchesNothing) {
  ASSERT_TRUE(run_with(with("plain", {})));
  auto config = over("plain", "more", {});
  ASSERT_TRUE(config);
  config.value().recover = {"metrics:too_few_word"};
  const auto result = run_with(config.value());
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("did you mean 'too_few_words'?"), std::string::npos)
      << result.error().message;
}

TEST_F(Redecide, MeetsATargetAndShowsTheTradeOff) {
  CurateConfig annotate = with("all", {});
  annotate.annotate = true;
  ASSERT_TRUE(run_with(annotate));
  ASSERT_TRUE(run_with(over("all", "free", {}).value()));
  const auto summary = run_with(over("all", "best", {"target_keep=0.1"}).value());
  ASSERT_TRUE(summary) << summary.error().message;
  EXPECT_EQ(summary.value().documents_kept, summary.value().documents_in / 10);
  EXPECT_TRUE(check_ledger(ledger("best")));
  EXPECT_GT(row("best", "open", "target").find("dropped")->integer_or("target_quality", 0), 0);
  const Json table =
      parse_json(io::read_file(files_, folder_ / "best/state/target/trade_off.json").value())
          .value();
  ASSERT_EQ(table.find("table")->as_array().size(), 10U);
  EXPECT_EQ(static_cast<std::size_t>(table.find("table")->as_array()[0].integer_or("documents", 0)),
            documents("free/kept").size());
  EXPECT_EQ(static_cast<std::uint64_t>(table.find("solution")->integer_or("documents", 0)),
            summary.value().documents_kept);
  const auto kept = texts("best/kept");
  double worst_kept = 1;
  double best_dropped = 0;
  for (const Document& document : documents("free/kept")) {
    if (document.language != "en") continue;
    const double score = document.annotations.find("quality")->number_or("score", 0);
    (kept.contains(document.id) ? worst_kept = std::min(worst_kept, score)
                                : best_dropped = std::max(best_dropped, score));
  }
  EXPECT_GE(worst_kept, best_dropped) << "the best stay";
  const auto tokens = run_with(over("all", "tokens", {"target_tokens=2000"}).value());
  ASSERT_TRUE(tokens);
  EXPECT_LE(tokens.value().bytes_kept, 8000U);
  EXPECT_GT(tokens.value().bytes_kept, 4000U);
}

}  // namespace
}  // namespace aludel::curate
