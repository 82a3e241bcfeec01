#include "aludel/curate/cascade/config.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

constexpr std::string_view kSource = "[[sources]]\nname = \"a\"\npath = \"x\"\n";

Result<CurateConfig> read(const std::string& toml, const std::vector<std::string>& set = {}) {
  return read_curate_config(toml + std::string(kSource), "t.toml", set);
}

const ResolvedLayer& layer_named(const std::vector<ResolvedLayer>& layers, std::string_view name) {
  return *std::ranges::find(layers, name, [](const ResolvedLayer& l) { return l.spec->name; });
}

std::string message_of(const std::string& toml) {
  const auto config = read(toml);
  EXPECT_FALSE(config);
  EXPECT_EQ(config.error().code, Code::invalid_argument);
  return config.error().message;
}

TEST(CurateConfig, LaysSettingsOverPresetsAndSetsOverBoth) {
  const auto config = read("preset = \"web\"\n[layers.metrics]\nmax_words = 7\n",
                           {"layers.metrics.min_words=5", "layers.repetition=off", "seed=9"})
                          .value();
  EXPECT_EQ(config.seed, 9);
  const auto layers = resolve_layers(config);
  const auto& metrics = layer_named(layers, "metrics").by_profile;
  const LayerSettings& web = metrics[profile_index("web")];
  EXPECT_EQ(web.settings.integer_or("min_words", 0), 5);
  EXPECT_EQ(web.settings.integer_or("max_words", 0), 7);
  EXPECT_DOUBLE_EQ(web.settings.number_or("min_terminal_lines", 1), 0);
  EXPECT_FALSE(layer_named(layers, "repetition").by_profile[0].on);
  const LayerSettings& book = metrics[profile_index("book")];
  EXPECT_EQ(book.settings.integer_or("max_words", 0), 10'000'000) << "a profile's change is on top";
  EXPECT_EQ(book.settings.integer_or("min_words", 0), 5);
  EXPECT_FALSE(metrics[profile_index("code")].on);
}

TEST(CurateConfig, IsReadBackFromItsResolvedForm) {
  const auto config =
      read("preset = \"web\"\nout = \"o\"\n[layers]\nrepetition = \"off\"\n").value();
  const Json resolved = resolved_config(config);
  EXPECT_EQ(resolved.string_or("out", "?"), "");
  const auto again = read_curate_config(write_toml(resolved), "resolved", {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(resolved_config(again.value()), resolved);
}

TEST(CurateConfig, NamesWhatIsWrongAndWhatWasMeant) {
  EXPECT_NE(message_of("presett = \"web\"\n").find("did you mean 'preset'"), std::string::npos);
  EXPECT_NE(message_of("preset = \"wep\"\n").find("did you mean 'web'"), std::string::npos);
  EXPECT_NE(message_of("[layers.metrcs]\n").find("did you mean 'metrics'"), std::string::npos);
  EXPECT_NE(message_of("[layers]\nmetrics = \"on\"\n").find("layers.metrics"), std::string::npos);
  EXPECT_EQ(message_of("seed = 1\n[layers]\nmetrix = \"off\"\n").find("t.toml:3: "), 0U);
  EXPECT_EQ(
      message_of("seed = 1\n[layers.metrics]\nmin_wrods = 3\n"),
      "layers.metrics: [config] t.toml:3: unknown key 'min_wrods'; did you mean 'min_words'?");
  EXPECT_EQ(message_of("[profiles.book.metrics]\nmin_words = \"many\"\n")
                .find("profiles.book.metrics: [config] t.toml:2: min_words must be an integer"),
            0U);
  EXPECT_NE(message_of("[profiles.boook]\n").find("did you mean 'book'"), std::string::npos);
  const auto wrong_source = [](const std::string& line) {
    const auto config = read_curate_config(std::string(kSource) + line, "t.toml", {});
    return config ? std::string() : config.error().message;
  };
  EXPECT_EQ(
      wrong_source("kind = \"opn\"\n"),
      "[config] t.toml:4: kind is 'opn', expected web, open or licensed (the terms that it is "
      "under); did you mean 'open'?");
  EXPECT_NE(wrong_source("profile = \"boook\"\n").find("expected web, book, code or qa"),
            std::string::npos);
  EXPECT_EQ(wrong_source("[[sources]]\nname = \"b\"\n"),
            "t.toml:4: [curate] source 'b' needs a path");
  EXPECT_EQ(wrong_source(std::string(kSource)), "t.toml:4: [curate] two sources are named 'a'");
  EXPECT_NE(message_of("max_failures = 1.1\n").find("max_failures"), std::string::npos);
  EXPECT_NE(message_of("task_megabytes = 0\n").find("task_megabytes"), std::string::npos);
  // Sizes whose number of bytes would overflow to 0, which would then be a divisor.
  EXPECT_NE(message_of("task_megabytes = 17592186044416\n").find("task_megabytes"),
            std::string::npos);
  EXPECT_NE(message_of("shard_megabytes = 17592186044416\n").find("shard_megabytes"),
            std::string::npos);
  EXPECT_FALSE(read_curate_config("", "t", {}));
  EXPECT_FALSE(read_curate_config(std::string(kSource) + std::string(kSource), "t", {}));
  EXPECT_FALSE(read("", {"seed"}));
  EXPECT_FALSE(read("[layers]\nmetrics = \"off\"\n", {"layers.metrics.min_words=3"}));
}

// It said that `layers` must be a table.
TEST(CurateConfig, SaysOfASettingThatItsLayerIsOffAndHowToSwitchItOn) {
  const auto message = [](const std::string& toml, const std::vector<std::string>& set) {
    const auto config = read(toml, set);
    return config ? "taken" : config.error().message;
  };
  EXPECT_EQ(message("preset = \"rules\"\n", {"layers.quality.min_score=0.1"}),
            "[curate] --set layers.quality.min_score: layers.quality is \"off\" in preset rules; "
            "give --set 'layers.quality={}' before it, which switches the layer on");
  EXPECT_NE(message("[layers]\nquality = \"off\"\n", {"layers.quality.min_score=0.1"})
                .find("is \"off\" in t.toml;"),
            std::string::npos);
  EXPECT_NE(message("", {"layers.quality=off", "layers.quality.min_score=0.1"})
                .find("is \"off\" by --set;"),
            std::string::npos);
  EXPECT_NE(message("preset = \"web\"\n", {"profiles.code.metrics.min_words=1"})
                .find("profiles.code.metrics is \"off\" in preset web; give --set "
                      "'profiles.code.metrics={}' before it"),
            std::string::npos);
  const auto config =
      read("preset = \"rules\"\n", {"layers.quality={}", "layers.quality.min_score=0.1"});
  ASSERT_TRUE(config) << config.error().message;
  const auto layers = resolve_layers(config.value());
  const LayerSettings& quality = layer_named(layers, "quality").by_profile[0];
  EXPECT_TRUE(quality.on);
  EXPECT_DOUBLE_EQ(quality.settings.number_or("min_score", 0), 0.1);
}

TEST(CurateConfig, SaysWhatASettingTakesWhereTheFileIsRead) {
  EXPECT_NE(message_of("[layers.safety]\nmask = [\"violense\"]\n").find("did you mean 'violence'?"),
            std::string::npos);
  EXPECT_NE(message_of("[layers.safety]\ntag = \"rudeness\"\n").find("t.toml:2: tag is 'rudeness'"),
            std::string::npos);
  EXPECT_NE(
      message_of("[layers.correction]\nkeep_pii = [\"mail\"]\n").find("did you mean 'email'?"),
      std::string::npos);
  for (const char* name : {"words", "bands", "rows"}) {
    const std::string toml = fmt::format("[layers.minhash_dedup]\n{} = 65537\n", name);
    EXPECT_NE(message_of(toml).find("expected 1 to 65536"), std::string::npos) << message_of(toml);
  }
}

// A second way to read a run again, beside the command.
TEST(CurateConfig, TakesNoRunToReadAgain) {
  EXPECT_EQ(message_of("from = \"runs/all\"\n"),
            "[curate] from = \"runs/all\": leave it out; `aludel corpus redecide runs/all` reads "
            "that run, with the settings of --config and --set");
  EXPECT_FALSE(read("", {"from=runs/all"}));
  EXPECT_TRUE(read("from = \"\"\n"));
}

TEST(CurateConfig, NamesTheFileOrSetByWhichAWrongValueCame) {
  const std::string toml =
      "[layers.metrics]\nmin_words = 5\n[profiles.book.metrics]\nmin_words = 5\n";
  const auto message = [&](const std::string& change) {
    const auto config = read(toml, {change});
    return config ? "taken" : config.error().message;
  };
  EXPECT_EQ(
      message("layers.metrics.min_words=-40").find("layers.metrics: [config] --set: min_words"), 0U)
      << message("layers.metrics.min_words=-40");
  EXPECT_EQ(
      message("layers.metrics.max_wrods=4").find("layers.metrics: [config] --set: unknown key"),
      0U);
  EXPECT_EQ(message("profiles.book.metrics.min_words=many")
                .find("profiles.book.metrics: [config] --set: min_words must be"),
            0U);
  EXPECT_EQ(message("layers.metrics.min_words=7"), "taken");
  const auto both = read("[layers.metrics]\nmin_words = -5\n", {"layers.metrics.max_words=9"});
  ASSERT_FALSE(both);
  EXPECT_EQ(both.error().message.find("layers.metrics: [config] t.toml:2: min_words"), 0U)
      << both.error().message;
}

}  // namespace
}  // namespace aludel::curate
