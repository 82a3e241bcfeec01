// The outcomes of each preset for small documents in layers `metrics` and `repetition`. If a test
// here changes, a preset keeps other documents than before.
#include <map>
#include <string>
#include <vector>

#include "tests/repeat_text.h"
#include "tests/run_layer.h"
#include <gtest/gtest.h>

#include "aludel/base/utf8.h"
#include "aludel/curate/cascade/config.h"
#include "aludel/io/file_system.h"

namespace aludel::curate {
namespace {

/// Returns a made-up word, a different one for each number.
std::string made_up_name(int number) {
  static constexpr std::string_view kSyllables[] = {"ra", "lo", "mi", "ten", "sul", "ba", "kor"};
  std::string word;
  for (int rest = number + 7; rest > 0; rest /= 7) {
    word += kSyllables[rest % 7];
  }
  return word;
}

/// Returns English sentences. At least every fifth word is made up, so that no five words repeat.
std::string made_up_english(int sentences) {
  static constexpr std::string_view kForms[] = {
      "Then @ took the boat to @ and sold it @ again.",
      "Nobody in @ could say why that @ was so late @ this year.",
      "With his @ he went on to @, which they have @ for years.",
      "It may be @ that made the @ turn back before @ came.",
      "When all of @ had gone home the @ began to sing @ once more.",
      "They found @ under an old @ and gave it @ for supper.",
      "Some people want @ to be near @ when winter comes @ at last.",
  };
  std::string text;
  int names = 0;
  for (int i = 0; i < sentences; ++i) {
    for (const char c : kForms[static_cast<std::size_t>(i) % std::size(kForms)]) {
      if (c == '@') {
        text += made_up_name(names++);
      } else {
        text += c;
      }
    }
    text += i % 3 == 2 ? "\n" : " ";
  }
  return text;
}

/// Returns Chinese lines of `letters` different letters each.
std::string chinese_lines_of(int lines, int letters, char32_t first = 0x4E00) {
  std::string text;
  for (int line = 0; line < lines; ++line) {
    for (int i = 0; i < letters; ++i) {
      append_utf8(text, first + static_cast<char32_t>(line * letters + i));
    }
    text += "\xE3\x80\x82\n";
  }
  return text;
}

/// Returns a line of letters that simplified Chinese writes differently.
std::string traditional_line() {
  return "這個國學門車馬鳥魚飛電話書畫語說讀寫聽愛氣東來無時後從開關長問間對發現實點線經紅綠給結終"
         "。\n";
}

struct PresetSample {
  std::string name;
  std::string language;
  std::string text;
};

std::vector<PresetSample> preset_samples() {
  const std::string prose = made_up_english(24);
  return {
      {"prose", "en", prose},
      {"stub", "en", made_up_english(3)},
      {"curly", "en", prose + "A line with a { brace stands at the end.\n"},
      {"lorem", "en", prose + "Here comes lorem ipsum dolor as filling.\n"},
      {"unmarked", "en",
       [&] {
         std::string text;
         for (const char c : prose) {
           if (c != '.') text += c;
         }
         return text;
       }()},
      {"policy", "en",
       made_up_english(6) + times("We use cookies as the privacy policy says.\n", 6)},
      {"repeated_line", "en", prose + times("The same line is here once more.\n", 12)},
      {"one_copy", "en", prose + times("This single line about the boats stands twice here.\n", 2)},
      {"shouting", "en",
       prose + "EVERYTHING IN THESE LINES IS WRITTEN IN CAPITALS ONLY TO SHOUT\n" +
           "AND THE SECOND ONE OF THEM IS NOT ANY BETTER THAN THE FIRST WAS\n"},
      {"short_lines", "en",
       [&] {
         std::string text = prose;
         for (char& c : text) {
           if (c == '\n') c = ' ';
         }
         for (int i = 0; i < 40; ++i) {
           text += "\nItem " + std::to_string(i);
         }
         return text;
       }()},
      {"hashes", "en", prose + times("# ", 60)},
      {"chinese", "zh", chinese_lines_of(6, 50)},
      {"chinese_stub", "zh", chinese_lines_of(2, 50)},
      {"chinese_lines", "zh", chinese_lines_of(60, 5)},
      {"chinese_twice", "zh", chinese_lines_of(6, 50) + chinese_lines_of(6, 50)},
      {"traditional", "zh", traditional_line() + chinese_lines_of(6, 50, 0x9F00)},
  };
}

using Outcomes = std::map<std::string, std::string>;  // sample -> "kept" or "layer reason"

Outcomes outcomes_of(const std::string& preset) {
  io::LocalFileSystem files;
  Threads threads(1);
  const LayerContext context{files, "", 0, threads};
  const auto config = read_curate_config(
      "preset = \"" + preset + "\"\n[[sources]]\nname = \"s\"\npath = \"p\"\n", "test", {});
  EXPECT_TRUE(config) << config.error().message;
  Outcomes outcomes;
  for (const PresetSample& sample : preset_samples()) {
    outcomes[sample.name] = "kept";
  }
  for (const ResolvedLayer& resolved : resolve_layers(config.value())) {
    const std::string_view name = resolved.spec->name;
    const bool is_rule = name == "metrics" || name == "repetition" || name == "correction";
    if (!is_rule || !resolved.by_profile[0].on) continue;
    const auto layer = resolved.spec->make(resolved.by_profile[0].settings, context);
    EXPECT_TRUE(layer) << layer.error().message;
    for (const PresetSample& sample : preset_samples()) {
      if (outcomes[sample.name] != "kept") continue;
      Document document;
      document.text = sample.text;
      document.language = sample.language;
      const Verdict verdict = run_layer(name, *layer.value(), document);
      if (!verdict.keep)
        outcomes[sample.name] = std::string(resolved.spec->name) + " " + verdict.reason;
    }
  }
  return outcomes;
}

/// Returns what our own rules drop in every preset that counts in our own way.
Outcomes own_outcomes() {
  return {{"stub", "metrics too_few_words"},
          {"lorem", "metrics lorem_ipsum"},
          {"unmarked", "metrics too_few_sentences"},
          {"hashes", "metrics too_many_hashes"},
          {"policy", "metrics too_many_duplicate_lines"},
          {"repeated_line", "metrics too_many_duplicate_lines"},
          {"short_lines", "metrics too_few_terminal_lines"},
          {"chinese_stub", "metrics too_short"},
          {"chinese_lines", "metrics too_many_short_lines"},
          {"chinese_twice", "metrics too_many_duplicate_lines"}};
}

/// Compares outcomes with the expected ones; samples that are not named must be kept.
void expect_outcomes(const std::string& preset, const Outcomes& expected) {
  const Outcomes outcomes = outcomes_of(preset);
  for (const auto& [sample, outcome] : expected) {
    EXPECT_TRUE(outcomes.contains(sample)) << "no such sample: " << sample;
  }
  for (const auto& [sample, outcome] : outcomes) {
    const auto named = expected.find(sample);
    EXPECT_EQ(outcome, named == expected.end() ? "kept" : named->second) << preset << " " << sample;
  }
}

// The limits of this preset follow readers' verdicts, who keep more than the published limits do.
TEST(PresetsGolden, Web) {
  Outcomes expected = own_outcomes();
  expected.erase("repeated_line");  // it is a tenth of the text
  expected.erase("chinese_stub");   // it has more than 100 characters
  expected["chinese_twice"] = "repetition duplicate_6grams";
  expected["policy"] = "repetition duplicate_lines";
  expected["short_lines"] = "metrics too_many_short_lines";
  expect_outcomes("web", expected);
}

TEST(PresetsGolden, Rules) {
  expect_outcomes("rules", own_outcomes());
}

TEST(PresetsGolden, FineWeb) {
  expect_outcomes("fineweb", {{"stub", "metrics too_few_words"},
                              {"curly", "metrics curly_bracket"},
                              {"lorem", "metrics lorem_ipsum"},
                              {"unmarked", "metrics too_few_terminal_lines"},
                              {"hashes", "metrics too_many_hashes"},
                              {"one_copy", "metrics too_many_duplicate_lines"},
                              {"repeated_line", "metrics too_many_duplicate_lines"},
                              {"policy", "repetition duplicate_lines"},
                              {"chinese", "metrics too_few_words"},
                              {"chinese_stub", "metrics too_few_words"},
                              {"chinese_lines", "metrics too_few_alphabetic_words"},
                              {"chinese_twice", "metrics too_few_words"},
                              {"traditional", "metrics too_few_words"}});
}

TEST(PresetsGolden, Dclm) {
  expect_outcomes("dclm", {{"stub", "metrics too_few_words"},
                           {"hashes", "metrics too_many_hashes"},
                           {"shouting", "correction too_many_lines_removed"},
                           {"policy", "repetition duplicate_lines"},
                           {"repeated_line", "repetition duplicate_lines"},
                           {"chinese", "metrics too_few_words"},
                           {"chinese_stub", "metrics too_few_words"},
                           {"chinese_lines", "metrics too_few_stop_words"},
                           {"chinese_twice", "metrics too_few_words"},
                           {"traditional", "metrics too_few_words"}});
}

TEST(PresetsGolden, C4) {
  expect_outcomes("c4", {{"curly", "metrics curly_bracket"},
                         {"lorem", "metrics lorem_ipsum"},
                         {"unmarked", "metrics too_few_sentences"},
                         {"chinese", "metrics too_few_sentences"},
                         {"chinese_stub", "metrics too_few_sentences"},
                         {"chinese_lines", "metrics too_few_sentences"},
                         {"chinese_twice", "metrics too_few_sentences"},
                         {"traditional", "metrics too_few_sentences"}});
}

TEST(PresetsGolden, Chinese) {
  Outcomes expected = own_outcomes();
  expected["traditional"] = "metrics traditional_han";
  expect_outcomes("chinese", expected);
}

TEST(PresetsGolden, Yi) {
  expect_outcomes("yi", own_outcomes());
}

}  // namespace
}  // namespace aludel::curate
