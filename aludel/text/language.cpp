#include "aludel/text/language.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>  // CLD2's header needs it and does not include it

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include "aludel/base/utf8.h"
#include "aludel/text/han_variants.h"
#include "aludel/text/language/fasttext_model.h"

namespace aludel::text {
namespace {

// A text that the small sample leaves in doubt is judged by the large one.
constexpr std::size_t kSmallSampleBytes = 1024;
constexpr std::size_t kLargeSampleBytes = 4096;

// A sample leaves no doubt when at least this share of it is in one language, and CLD2, where it
// was asked, calls itself reliable.
constexpr double kSureShare = 0.9;

// Start, middle and end, cut at spaces or between code points.
std::string sample_of(std::string_view text, std::size_t size) {
  if (text.size() <= size) return std::string(text);
  const std::size_t slice = size / 3;
  std::string sample;
  for (const std::size_t wanted :
       {std::size_t{0}, text.size() / 2 - slice / 2, text.size() - slice}) {
    std::size_t begin = utf8_boundary(text, wanted);
    const std::size_t space = text.substr(begin, 32).find_first_of(" \n");
    if (wanted > 0 && space != std::string_view::npos) begin += space + 1;
    const std::size_t end = utf8_boundary(text, begin + slice);
    sample.append(text.substr(begin, end - begin));
    sample += '\n';
  }
  return sample;
}

// Letters of a sample by script, in code points; other scripts are not told apart.
struct ScriptCounts {
  std::uint32_t han = 0, kana = 0, hangul = 0, thai = 0, latin = 0, cyrillic = 0, arabic = 0,
                other = 0;

  // Letters by how much they say: one of Han or Hangul is worth two others.
  double total() const {
    return 2.0 * (han + kana + hangul) + thai + latin + cyrillic + arabic + other;
  }
};

bool within(char32_t value, char32_t first, char32_t last) {
  return value >= first && value <= last;
}

void count_letter(char32_t value, ScriptCounts& counts) {
  if (value < 0x250) {
    const bool letter =
        within(value | 0x20, 'a', 'z') || (value >= 0xC0 && value != 0xD7 && value != 0xF7);
    counts.latin += letter ? 1U : 0U;
  } else if (is_han(value)) {
    ++counts.han;
  } else if (within(value, 0x3041, 0x30FF) || within(value, 0xFF66, 0xFF9F)) {
    ++counts.kana;
  } else if (within(value, 0xAC00, 0xD7A3) || within(value, 0x1100, 0x11FF)) {
    ++counts.hangul;
  } else if (within(value, 0xE01, 0xE4E)) {
    ++counts.thai;
  } else if (within(value, 0x400, 0x52F)) {
    ++counts.cyrillic;
  } else if (within(value, 0x620, 0x6FF)) {
    ++counts.arabic;
  } else if (within(value, 0x1E00, 0x1EFF)) {
    ++counts.latin;
  } else if (within(value, 0x370, 0x1FFF)) {  // general punctuation and symbols lie above
    ++counts.other;
  }
}

ScriptCounts count_scripts(std::string_view sample) {
  ScriptCounts counts;
  for (std::size_t at = 0; at < sample.size();) {
    const CodePoint next = decode_utf8(sample, at);
    count_letter(next.value, counts);
    at += next.size_bytes;
  }
  return counts;
}

std::string script_of(const ScriptCounts& counts, std::string_view language,
                      std::string_view sample) {
  if (language == "zh") return uses_traditional_han(sample) ? "Hant" : "Hans";
  if (language == "ja") return "Jpan";
  if (language == "ko") return "Kore";
  const std::pair<std::uint32_t, const char*> scripts[] = {{counts.latin, "Latn"},
                                                           {counts.cyrillic, "Cyrl"},
                                                           {counts.arabic, "Arab"},
                                                           {counts.thai, "Thai"},
                                                           {counts.other, ""}};
  const auto* most =
      std::max_element(std::begin(scripts), std::end(scripts),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
  return most->first == 0 ? "" : most->second;
}

// Where the script leaves no doubt; confidence is its share of the letters.
LanguageGuess guess_by_script(const ScriptCounts& counts) {
  const double total = counts.total();
  const double cjk = 2.0 * (counts.han + counts.kana + counts.hangul);
  if (total == 0) return {};
  if (cjk * 2 > total) {
    // Japanese prose is about half kana; a Chinese page may quote some.
    if (counts.kana * 8 > counts.han) return {"ja", "", 2.0 * (counts.han + counts.kana) / total};
    if (counts.hangul > counts.han) return {"ko", "", 2.0 * (counts.han + counts.hangul) / total};
    return {"zh", "", 2.0 * counts.han / total};
  }
  if (counts.thai * 2 > total) return {"th", "", counts.thai / total};
  return {};
}

// What a sample says without the model.
struct Evidence {
  ScriptCounts counts;
  LanguageGuess guess;
  bool by_script = false;
  bool is_sure = false;
};

void ask_cld2(std::string_view sample, Evidence& evidence) {
  const CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  int text_bytes = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummary(sample.data(), static_cast<int>(sample.size()), true, &hints, 0,
                                 languages.data(), percents.data(), scores.data(), nullptr,
                                 &text_bytes, &reliable);
  if (languages[0] == CLD2::UNKNOWN_LANGUAGE) return;
  LanguageGuess& guess = evidence.guess;
  guess.language = CLD2::LanguageCode(languages[0]);
  guess.language.resize(std::min(guess.language.find('-'), guess.language.size()));  // "zh-Hant"
  if (guess.language == "iw") guess.language = "he";  // the codes of 1988
  if (guess.language == "jw") guess.language = "jv";
  const double share = std::min(1.0, percents[0] / 100.0);
  guess.confidence = share * (reliable ? 1.0 : 0.5);
  evidence.is_sure = reliable && share >= kSureShare;
}

Evidence weigh(std::string_view sample) {
  Evidence evidence;
  evidence.counts = count_scripts(sample);
  evidence.guess = guess_by_script(evidence.counts);
  evidence.by_script = evidence.guess.confidence > 0;
  evidence.is_sure = evidence.guess.confidence >= kSureShare;
  if (!evidence.by_script && evidence.counts.total() > 0) ask_cld2(sample, evidence);
  return evidence;
}

// The model's word counts; where both name one language, the higher confidence does.
void ask_model(const FastTextModel& model, std::string_view sample, LanguageGuess& guess) {
  const std::vector<FastTextPrediction> best = model.predict(sample, 1);
  if (best.empty()) return;
  const double probability = std::min(1.0, static_cast<double>(best[0].probability));
  if (best[0].label == guess.language) {
    guess.confidence = std::max(guess.confidence, probability);
  } else {
    guess.language = best[0].label;
    guess.confidence = probability;
  }
}

}  // namespace

bool is_cjk_language(std::string_view language) {
  return language == "zh" || language == "ja" || language == "ko";
}

LanguageGuess guess_language(std::string_view text, const FastTextModel* model) {
  std::string sample = sample_of(text, kSmallSampleBytes);
  Evidence evidence = weigh(sample);
  if (!evidence.is_sure && text.size() > kSmallSampleBytes) {
    sample = sample_of(text, kLargeSampleBytes);
    evidence = weigh(sample);
  }
  LanguageGuess guess = std::move(evidence.guess);
  const bool is_asked = !evidence.is_sure && !evidence.by_script && evidence.counts.total() > 0;
  if (is_asked && model != nullptr) ask_model(*model, sample, guess);
  guess.script = script_of(evidence.counts, guess.language, sample);
  return guess;
}

}  // namespace aludel::text
