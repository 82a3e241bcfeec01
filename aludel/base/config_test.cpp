#include "aludel/base/config.h"

#include <gtest/gtest.h>

namespace aludel {
namespace {

struct Source {
  std::string path;

  template <class V>
  void visit(V& v) {
    v("path", path, "file or folder");
  }
};

struct Inner {
  double rate = 0.5;
  bool on = true;

  template <class V>
  void visit(V& v) {
    v("rate", rate, "share kept");
    v("on", on, "whether it runs");
  }
};

struct Outer {
  std::int64_t steps = 10;
  std::vector<std::string> names = {"a"};
  Inner inner;
  std::vector<Source> sources;
  Json layers;

  template <class V>
  void visit(V& v) {
    v("steps", steps, "number of steps");
    v("names", names, "names");
    v("inner", inner, "a section");
    v("sources", sources, "where from");
    v("layers", layers, "free tables");
  }
};

constexpr std::string_view kToml = R"(
steps = 3
[inner]
rate = 1
[[sources]]
path = "x"
[[sources]]
path = "y"
[layers.metrics]
min_words = 5
)";

TEST(Config, ReadsTomlAndWritesItBack) {
  Outer config;
  ASSERT_TRUE(read_config(parse_toml(kToml, "t.toml").value(), config, "t.toml"));
  EXPECT_EQ(config.steps, 3);
  EXPECT_EQ(config.inner.rate, 1.0);
  EXPECT_TRUE(config.inner.on);
  ASSERT_EQ(config.sources.size(), 2U);
  EXPECT_EQ(config.sources[1].path, "y");
  EXPECT_EQ(config.layers.find("metrics")->integer_or("min_words", 0), 5);

  const Json resolved = dump_config(config);
  Outer again;
  const std::string toml = write_toml(resolved);
  ASSERT_TRUE(read_config(parse_toml(toml, "again").value(), again, "again")) << toml;
  EXPECT_EQ(dump_config(again), resolved) << toml;
  EXPECT_EQ(fingerprint(dump_config(again)), fingerprint(resolved));
  again.inner.rate = 2;
  EXPECT_NE(fingerprint(dump_config(again)), fingerprint(resolved));
}

TEST(Config, NamesFileLineAndNearestKeyOfAnUnknownOne) {
  Outer config;
  const auto status =
      read_config(parse_toml("\n[inner]\nrat = 1", "t.toml").value(), config, "t.toml");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::invalid_argument);
  EXPECT_EQ(status.error().message, "[config] t.toml:3: unknown key 'rat'; did you mean 'rate'?");
}

TEST(Config, RefusesAWrongType) {
  Outer config;
  EXPECT_FALSE(read_config(parse_toml("steps = 1.5", "t").value(), config, "t"));
  EXPECT_FALSE(read_config(parse_toml("steps = \"1\"", "t").value(), config, "t"));
  EXPECT_FALSE(read_config(parse_toml("sources = 1", "t").value(), config, "t"));
  EXPECT_EQ(config.steps, 10);
}

TEST(Config, SetsByPath) {
  Outer config;
  const Fields fields = fields_of(config);
  ASSERT_TRUE(set_field(fields, "inner.rate", "0.25"));
  ASSERT_TRUE(set_field(fields, "names", "p,q"));
  ASSERT_TRUE(set_field(fields, "layers.metrics.min_words", "9"));
  EXPECT_EQ(config.inner.rate, 0.25);
  EXPECT_EQ(config.names, (std::vector<std::string>{"p", "q"}));
  EXPECT_EQ(config.layers.find("metrics")->integer_or("min_words", 0), 9);
  EXPECT_FALSE(set_field(fields, "inner.nothing", "1"));
  EXPECT_FALSE(set_field(fields, "steps", "many"));
}

TEST(Toml, NamesThePlaceOfASyntaxError) {
  const auto bare = parse_toml("[run]\npreset = web\n", "bare.toml");
  ASSERT_FALSE(bare.has_value());
  EXPECT_TRUE(bare.error().message.ends_with("; text stands in quotes: key = \"text\""))
      << bare.error().message;
  const auto parsed = parse_toml("a = \n", "bad.toml");
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("bad.toml:1"), std::string::npos) << parsed.error().message;
}

TEST(Toml, IsWrittenSoThatAllItsValuesReadBack) {
  for (const char* text :
       {"a = [1, {b = 2}]", "a = [{b = 2}, 1]", "a = [[{b = 1}], [{}]]", "a = \"\\u007F\\u0001\"",
        "\"\\u007F\" = 1", "a = [nan, -inf, inf, 1.0, 1e99]", "[[a]]\n[[a.b]]\nc = 2\n[a.d]\n[[a]]",
        "\"\" = {\"x.y\" = 1}", "a = []", "a = 2026-11-30T10:00:00Z"}) {
    const Json table = parse_toml(text, "given.toml").value();
    const auto again = parse_toml(write_toml(table), "written.toml");
    ASSERT_TRUE(again.has_value()) << write_toml(table) << again.error().message;
    EXPECT_EQ(again.value().dump(), table.dump()) << write_toml(table);
  }
}

TEST(Toml, RefusesLettersOutsideOfAsciiThatNoQuotesHold) {
  const auto stray = parse_toml("a = 1\n\xEF\xBB\xB7p = 2\n", "t.toml");
  ASSERT_FALSE(stray.has_value());
  EXPECT_EQ(stray.error().message.find("[toml] t.toml:2:"), 0U) << stray.error().message;
  EXPECT_FALSE(parse_toml("a = \"open\n\xEF\xBB\xB7p", "t.toml").has_value());
  EXPECT_FALSE(parse_toml("a = +\x7Fw\":>:\xC6\xBC:\xEF\xBB\xB7 0\n", "t.toml").has_value());
  EXPECT_FALSE(parse_toml("a = \"\"\"open\n\xEF\xBB\xB7p\\", "t.toml").has_value());
}

TEST(Toml, RefusesWhatItsParserTakesForImpossible) {
  for (const char* text : {"[layers.\nmetrics]\nmin_words = 3\n", "[\n]", "[[\nsources]]", "[ \n",
                           "[a.", "a.\n = 1", "[a.b.\r\nc]", "[[a.", "\"a\".\n", "[a .\n# b\n]"}) {
    const auto parsed = parse_toml(text, "broken.toml");
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, Code::invalid_argument) << text;
    EXPECT_EQ(parsed.error().message.find("[toml] broken.toml:1"), 0U) << parsed.error().message;
  }
  const auto deep = parse_toml("a = 1\n\n[b]\nc = 2\n[\nd]\ne = 3\n", "broken.toml");
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().message.find("[toml] broken.toml:5"), 0U) << deep.error().message;
}

TEST(Toml, ReadsOtherLettersInStringsCommentsAndAfterAByteOrderMark) {
  const auto json = parse_toml(
      "\xEF\xBB\xBF# \xEF\xBB\xB7\n\"schön\" = 'läuft'\nb = \"\"\"\n一 \\\"二\"\"\"\n"
      "c = '''\n三'''\nd = \"\\\"四\"\n",
      "t.toml");
  ASSERT_TRUE(json.has_value()) << json.error().message;
  EXPECT_EQ(json.value().string_or("schön", ""), "läuft");
  EXPECT_EQ(json.value().string_or("b", ""), "一 \"二");
  EXPECT_EQ(json.value().string_or("c", ""), "三");
  EXPECT_EQ(json.value().string_or("d", ""), "\"四");
}

struct Ranged {
  std::int64_t count = 3;
  double share = 0.5;
  double rate = 1;
  double part = 1;
  double free = 0;
  std::vector<Inner> list;

  struct Deep {
    double most = 0;

    template <class V>
    void visit(V& v) {
      v("most", most, "a share", kShareBelowOne);
    }
  } deep;

  template <class V>
  void visit(V& v) {
    v("count", count, "how many", at_least(0));
    v("share", share, "of all", kShare);
    v("rate", rate, "a step", above(0));
    v("part", part, "some of it", above(0).at_most(1));
    v("free", free, "any");
    v("list", list, "things");
    v("deep", deep, "a section");
  }
};

TEST(Config, RefusesANumberOutsideOfItsRangeWithSettingValueAndRange) {
  const std::pair<const char*, const char*> cases[] = {
      {"count = -40", "t.toml:1: count is -40, expected 0 or more (how many)"},
      {"share = 60", "share is 60, expected 0 to 1 (of all)"},
      {"share = -0.5", "share is -0.5, expected 0 to 1"},
      {"share = nan", "share is nan, expected 0 to 1"},
      {"rate = 0", "rate is 0, expected a number above 0"},
      {"part = 0", "part is 0, expected above 0, at most 1"},
      {"part = 1.5", "part is 1.5, expected above 0, at most 1"},
      {"free = nan", "free is nan, expected a number (any)"},
      {"deep.most = 1", "most is 1, expected 0 to less than 1"},
  };
  for (const auto& [toml, words] : cases) {
    Ranged config;
    const Status status = read_config(parse_toml(toml, "t.toml").value(), config, "t.toml");
    ASSERT_FALSE(status.has_value()) << toml;
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_NE(status.error().message.find(words), std::string::npos) << status.error().message;
  }
  Ranged config;
  EXPECT_TRUE(read_config(parse_toml("share = 1\ncount = 0", "t").value(), config, "t"));
  EXPECT_NE(set_field(fields_of(config), "deep.most", "2").error().message.find("deep.most is 2"),
            std::string::npos);
}

constexpr std::string_view kColours[] = {"red", "green", "blue"};

struct Paint {
  std::string_view name;
  double price;
};

constexpr Paint kPaints[] = {{"oil", 2}, {"water", 1}};
constexpr const Paint* kPaintPointers[] = {&kPaints[1], &kPaints[0]};

struct Chosen {
  std::string colour = "red";
  std::vector<std::string> paints;
  std::string shape;

  template <class V>
  void visit(V& v) {
    v("colour", colour, "of the wall", one_of(kColours));
    v("paints", paints, "to use", one_of(kPaints));
    v("shape", shape, "of the room", or_empty(one_of({"round", "square"})));
  }
};

TEST(Config, TakesTheChoicesFromAListOrFromATableOfWhatHasAName) {
  EXPECT_EQ(one_of(kColours).names, (std::vector<std::string>{"red", "green", "blue"}));
  EXPECT_EQ(one_of(kPaints).names, (std::vector<std::string>{"oil", "water"}));
  EXPECT_EQ(one_of(kPaintPointers).names, (std::vector<std::string>{"water", "oil"}));
  EXPECT_EQ(or_empty(one_of({"a"})).names, (std::vector<std::string>{"a", ""}));
}

TEST(Config, RefusesATextThatIsNoChoiceWithSettingValueChoicesAndTheNearest) {
  const std::pair<const char*, const char*> cases[] = {
      {"\ncolour = 'gren'",
       "[config] t.toml:2: colour is 'gren', expected red, green or blue (of the wall); "
       "did you mean 'green'?"},
      {"colour = ''", "[config] t.toml:1: colour is '', expected red, green or blue (of the wall)"},
      {"paints = ['oil', 'watr']",
       "[config] t.toml:1: paints is 'watr', expected oil or water (to use); "
       "did you mean 'water'?"},
      {"paints = 'chalky'",
       "[config] t.toml:1: paints is 'chalky', expected oil or water (to use)"},
      {"shape = 'x'",
       "[config] t.toml:1: shape is 'x', expected round, square or \"\" (of the room)"},
  };
  for (const auto& [toml, words] : cases) {
    Chosen config;
    const Status status = read_config(parse_toml(toml, "t.toml").value(), config, "t.toml");
    ASSERT_FALSE(status.has_value()) << toml;
    EXPECT_EQ(status.error().code, Code::invalid_argument);
    EXPECT_EQ(status.error().message, words);
    EXPECT_EQ(config.colour, "red");
    EXPECT_TRUE(config.paints.empty());
  }
  Chosen config;
  EXPECT_TRUE(
      read_config(parse_toml("colour = 'blue'\npaints = ['water', 'oil']\nshape = ''", "t").value(),
                  config, "t"));
  EXPECT_EQ(config.colour, "blue");
  EXPECT_EQ(config.paints.size(), 2U);
}

TEST(Config, RefusesATextThatIsNoChoiceWhereItIsSetByPath) {
  Chosen config;
  const Fields fields = fields_of(config);
  EXPECT_EQ(set_field(fields, "colour", "bleu").error().message,
            "[config] --set: colour is 'bleu', expected red, green or blue (of the wall); "
            "did you mean 'blue'?");
  EXPECT_FALSE(set_field(fields, "paints", "oil,chalk"));
  EXPECT_TRUE(set_field(fields, "paints", "oil,water"));
  EXPECT_EQ(config.paints, (std::vector<std::string>{"oil", "water"}));
}

TEST(Config, SaysWhatEachFieldTakes) {
  Ranged ranged;
  Chosen chosen;
  std::vector<std::string> said;
  for (const Fields& fields : {fields_of(ranged), fields_of(chosen)}) {
    for (const Field& field : fields.all()) {
      said.push_back(allowed_text(field));
    }
  }
  EXPECT_EQ(said, (std::vector<std::string>{"0 or more", "0 to 1", "a number above 0",
                                            "above 0, at most 1", "", "", "", "red, green or blue",
                                            "oil or water", "round, square or \"\""}));
}

TEST(Config, ChecksTheChoicesOfAConfigThatWasFilledByHand) {
  Chosen config;
  EXPECT_TRUE(check_config(config, "test"));
  config.paints = {"oil", "ink"};
  EXPECT_EQ(check_config(config, "test").error().message,
            "[config] test: paints is 'ink', expected oil or water (to use)");
}

TEST(Config, ChecksTheRangesOfAConfigThatWasFilledByHand) {
  Ranged config;
  EXPECT_TRUE(check_config(config, "test"));
  config.deep.most = 3;
  EXPECT_NE(check_config(config, "test").error().message.find("[config] test: most is 3"),
            std::string::npos);
}

TEST(Config, SaysThatThereIsNoDeviceToChoose) {
  for (const char* key : {"device", "gpu", "cuda"}) {
    Outer config;
    const Status status = set_field(fields_of(config), key, "cuda");
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("computes on the CPU only"), std::string::npos);
  }
}

}  // namespace
}  // namespace aludel
