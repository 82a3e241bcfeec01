// What was noted under some settings is judged under others as the layer itself judges.
#include <algorithm>
#include <set>

#include "tests/curate_run.h"
#include "tests/fitted_layer.h"
#include "tests/run_layer.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aludel/curate/cascade/notes.h"

namespace aludel::curate {
namespace {

/// English, Chinese and mixed texts with more or less of everything that is counted.
Document odd_document(std::uint64_t i) {
  Rng rng(5, i);
  static constexpr std::string_view kParts[] = {"The quick brown fox of that land will have it. ",
                                                "人工智能正在改变世界的面貌。",
                                                "# # ",
                                                "...\n",
                                                "\n",
                                                "- a bullet line\n",
                                                "12345 67890 ",
                                                "lorem ipsum dolor ",
                                                "{ curly } ",
                                                "same line here\n",
                                                "word ",
                                                "  \n\n",
                                                "write to a.person@mail.example.net ",
                                                "\xEF\xBF\xBD",
                                                "12 comments\n",
                                                "see https://example.org/a/b ",
                                                "(a) [b] {c} ",
                                                "漢語簡體與臺灣圖書館",
                                                "Our privacy policy uses cookies.\n\n"};
  std::string text;
  for (std::uint64_t part = 0, count = 5 + rng.below(60); part < count; ++part) {
    text += kParts[rng.below(i % 2 == 0 ? std::size(kParts) : 3)];
  }
  Document document = document_of(std::to_string(i), text);
  if (i % 3 != 0) document.language = i % 3 == 1 ? "en" : "zh";
  return document;
}

/// Up to twice the default, as far as the setting's range goes.
double most_of(const LayerSpec& spec, const Rule& rule, double value) {
  double most = value * 2;
  spec.show_settings([&](const Fields& fields) {
    for (const Field& field : fields.all()) {
      if (field.name == rule.setting) most = std::min(most, field.range.most);
    }
  });
  return most;
}

/// The layer's defaults and `base`, with every limit drawn anew.
Json random_settings(const LayerSpec& spec, const Json& base, std::uint64_t seed) {
  Rng rng(6, seed);
  Json settings = spec.defaults();
  for (const auto& [name, value] : base.as_object()) {
    settings[name] = value;
  }
  for (const Rule& rule : spec.rules_with(settings)) {
    Json& value = settings[rule.setting];
    if (value.is_bool()) {
      value = rng.below(2) == 1;
    } else if (value.is_integer()) {
      value = static_cast<std::int64_t>(most_of(spec, rule, value.as_number()) * rng.uniform());
    } else {
      value = most_of(spec, rule, value.as_number()) * rng.uniform();
    }
  }
  return settings;
}

struct RuleCase {
  std::string_view name;
  const char* settings;      // that no limit is
  std::size_t more_reasons;  // than so many must be seen
};

constexpr RuleCase kRuleLayers[] = {
    {"metrics", "{}", 12},
    {"metrics", R"({"c4_line_rules":true,"min_words_per_line":4})", 12},
    {"metrics", R"({"compat":"datatrove"})", 6},
    {"metrics", R"({"compat":"datatrove","c4_line_rules":true})", 6},
    {"metrics", R"({"compat":"dolma"})", 4},
    {"metrics", R"({"compat":"dclm"})", 5},
    {"metrics", R"({"compat":"nemo"})", 6},
    {"repetition", "{}", 2},
    {"repetition", R"({"compat":"datatrove"})", 2},
    {"repetition", R"({"compat":"dolma"})", 2},
    {"repetition", R"({"compat":"dclm"})", 2},
    {"repetition", R"({"compat":"nemo"})", 2},
    {"correction", "{}", 1},
};

/// Decides about documents by what `layer` measures and by what `noting` did; the reasons that
/// came.
void expect_same_verdicts(const LayerSpec& spec, const Layer& layer, const Layer& stored,
                          const Layer& noting, std::set<std::string>& reasons) {
  for (std::uint64_t i = 0; i < 30; ++i) {
    Document measured = odd_document(i);
    Document noted = odd_document(i);
    const Verdict expected = run_layer(spec.name, layer, measured);
    run_layer(spec.name, noting, noted, Purpose::annotate);
    // Through text, as a run stores it.
    noted.annotations = parse_json(noted.annotations.dump()).value();
    const Verdict found = stored.decide(noted);
    ASSERT_EQ(found.keep, expected.keep) << i << " " << expected.reason << " " << found.reason;
    EXPECT_EQ(found.reason, expected.reason);
    EXPECT_EQ(found.score, expected.score);
    reasons.insert(expected.reason);
  }
}

class DecidedAgain : public testing::Test {
 protected:
  LayerContext context(Purpose purpose, bool measures = true) {
    return {files_, "", 1, threads_, purpose, measures};
  }

  io::LocalFileSystem files_;
  Threads threads_{1};
};

TEST_F(DecidedAgain, RulesDecideAsTheLayerDoesUnderAnySettings) {
  for (const RuleCase& rules : kRuleLayers) {
    SCOPED_TRACE(fmt::format("{} {}", rules.name, rules.settings));
    const LayerSpec& spec = registered_layer(rules.name);
    const Json base = parse_json(rules.settings).value();
    const auto noting =
        spec.make(random_settings(spec, base, 1000), context(Purpose::annotate)).value();
    std::set<std::string> reasons;
    for (std::uint64_t trial = 0; trial < 40; ++trial) {
      const Json settings = random_settings(spec, base, trial);
      const auto layer = spec.make(settings, context(Purpose::decide)).value();
      const auto stored = spec.make(settings, context(Purpose::decide, false)).value();
      expect_same_verdicts(spec, *layer, *stored, *noting, reasons);
    }
    EXPECT_GT(reasons.size(), rules.more_reasons);
  }
}

// What a layer says that decides by notes is trusted when a finished run is decided again.
TEST_F(DecidedAgain, LayersThatDecideByNotesDoNotLookAtTheText) {
  std::size_t layers = 0;
  for (const LayerSpec* spec : all_layers()) {
    const auto layer = spec->make(spec->defaults(), context(Purpose::decide));
    if (spec->decides_by == DecidesBy::text || !layer) continue;  // without its models
    ++layers;
    for (std::uint64_t i = 0; i < 30; ++i) {
      Document document = odd_document(i);
      layer.value()->measure(document);
      Document other = document;
      other.text = "Another text, of which nobody has ever seen a word.";
      const Verdict expected = layer.value()->decide(document);
      const Verdict found = layer.value()->decide(other);
      EXPECT_EQ(found.keep, expected.keep) << spec->name << " " << i;
      EXPECT_EQ(found.reason, expected.reason) << spec->name << " " << i;
      EXPECT_EQ(found.score, expected.score) << spec->name << " " << i;
      EXPECT_FALSE(found.text) << spec->name << " edits by what it does not look at";
    }
  }
  EXPECT_GE(layers, 6U) << "language, metrics, repetition, correction, minhash_dedup, semantic";
}

TEST(Rules, NameSettingsThatThereAre) {
  for (const LayerSpec* spec : all_layers()) {
    for (const char* compat : {"none", "datatrove", "dolma", "dclm", "nemo"}) {
      Json settings = spec->defaults();
      if (settings.find("compat") != nullptr) settings["compat"] = compat;
      for (const Rule& rule : spec->rules_with(settings)) {
        EXPECT_NE(settings.find(rule.setting), nullptr) << spec->name << " " << rule.setting;
      }
    }
  }
}

TEST(Rules, CoverEverySettingOfTheRuleLayers) {
  const std::set<std::string> measures = {"compat", "characters_per_cjk_word", "c4_line_rules",
                                          "min_words_per_line", "require_line_end_mark"};
  for (const std::string_view name : {"metrics", "repetition"}) {
    const LayerSpec& spec = registered_layer(name);
    const Json defaults = spec.defaults();
    std::set<std::string> covered;
    for (const char* compat : {"none", "datatrove", "dolma", "dclm", "nemo"}) {
      Json settings = defaults;
      settings["compat"] = compat;
      for (const Rule& rule : spec.rules_with(settings)) {
        covered.emplace(rule.setting);
      }
    }
    for (const auto& [setting, value] : defaults.as_object()) {
      EXPECT_NE(covered.contains(setting), measures.contains(setting)) << name << "." << setting;
    }
  }
}

TEST_F(DecidedAgain, SafetyDecidesByNotesUnderOtherDials) {
  const LayerSpec& safety = registered_layer("safety");
  Json defaults = Json::object();
  defaults["lexicon_only"] = true;
  const std::string text =
      "He said that he would beat him to death and then bury the body by the lake. They planned to "
      "stab him again on the next day.";
  for (const char* dials : {R"({"threshold":0.1})", R"({"threshold":0.9})",
                            R"({"tag":["violence"]})", R"({"mask":["violence"]})"}) {
    Json settings = parse_json(dials).value();
    settings["lexicon_only"] = true;
    Document noted = document_of("a", text);
    run_layer("safety", *safety.make(defaults, context(Purpose::annotate)).value(), noted,
              Purpose::annotate);
    begin_stored(noted, RunKind::annotated);
    Document measured = document_of("a", text);
    const Verdict expected =
        run_layer("safety", *safety.make(settings, context(Purpose::decide)).value(), measured);
    const auto again = safety.make(settings, context(Purpose::decide, false)).value();
    const Verdict found = run_layer("safety", *again, noted, Purpose::decide, Origin::noted);
    EXPECT_EQ(found.keep, expected.keep) << dials;
    EXPECT_EQ(found.reason, expected.reason) << dials;
    EXPECT_EQ(found.score, expected.score) << dials;
    EXPECT_EQ(noted.text, measured.text) << dials;
  }
}

TEST_F(DecidedAgain, AnAnnotatedPageHasAllNotesAlsoWhereItsAddressIsBlocked) {
  Document blocked = document_of("b", "The page says that all of this is here to be read by you.");
  blocked.url = "https://example.org/sex/1";
  registered_layer("language")
      .make(Json::object(), context(Purpose::annotate))
      .value()
      ->measure(blocked);
  EXPECT_NE(blocked.annotations.find("language")->find("confidence"), nullptr);
}

}  // namespace
}  // namespace aludel::curate
