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
#include "aludel/text/language/latin_prose.h"

namespace aludel::text {
namespace {

// A text that the small sample leaves in doubt is judged by the large one.
constexpr std::size_t kSmallSampleBytes = 1024;
constexpr std::size_t kLargeSampleBytes = 4096;

// A sample leaves no doubt when at least this share of it is in one language, and CLD2, where it
// was asked, calls itself reliable.
constexpr double kSureShare = 0.9;

// A language with less of a text than this is a name or a quotation in it, or a guess of CLD2's.
constexpr double kLeastOtherShare = 0.05;

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

  // Letters by how much they say: a page in Chinese has about as many as its translation into
  // English has in threes and a half.
  double cjk() const { return kHanWeight * han + kSyllableWeight * (kana + hangul); }

  double total() const { return cjk() + thai + latin + cyrillic + arabic + other; }

  static constexpr double kHanWeight = 3.5;
  static constexpr double kSyllableWeight = 2.0;
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

// Which of the languages without spaces the letters are of; its share of `total` is the confidence.
LanguageGuess guess_cjk(const ScriptCounts& counts, double total) {
  constexpr double kHan = ScriptCounts::kHanWeight;
  constexpr double kSyllable = ScriptCounts::kSyllableWeight;
  // Japanese prose is about half kana; a Chinese page may quote some.
  if (counts.kana * 8 > counts.han) {
    return {"ja", "", (kHan * counts.han + kSyllable * counts.kana) / total};
  }
  if (counts.hangul > counts.han) {
    return {"ko", "", (kHan * counts.han + kSyllable * counts.hangul) / total};
  }
  return {"zh", "", kHan * counts.han / total};
}

// Where the script leaves no doubt; confidence is its share of the letters.
LanguageGuess guess_by_script(const ScriptCounts& counts) {
  const double total = counts.total();
  if (total == 0) return {};
  if (counts.cjk() * 2 > total) return guess_cjk(counts, total);
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

std::string code_of(CLD2::Language language) {
  std::string code = CLD2::LanguageCode(language);
  code.resize(std::min(code.find('-'), code.size()));  // "zh-Hant"
  if (code == "iw") code = "he";                       // the codes of 1988
  if (code == "jw") code = "jv";
  return code;
}

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
  const double certainty = reliable ? 1.0 : 0.5;
  LanguageGuess& guess = evidence.guess;
  for (std::size_t i = 0; i < languages.size(); ++i) {
    if (languages.at(i) == CLD2::UNKNOWN_LANGUAGE) continue;
    const double share = std::min(1.0, percents.at(i) / 100.0) * certainty;
    if (i == 0) {
      guess.language = code_of(languages[0]);
      guess.confidence = share;
    } else if (share >= kLeastOtherShare) {
      guess.others.push_back({code_of(languages.at(i)), share});
    }
  }
  evidence.is_sure = reliable && guess.confidence >= kSureShare;
}

/// A sample in a script without spaces and in Latin letters: shares of its prose.
void weigh_mixed(std::string_view sample, Evidence& evidence) {
  constexpr double kLeastCjkShare = 0.2;  // with less it is a text in Latin letters that quotes
  const ScriptCounts& counts = evidence.counts;
  const LatinProse latin = latin_prose(sample);
  const double rest = counts.thai + counts.cyrillic + counts.arabic + counts.other;
  const double letters = counts.cjk() + static_cast<double>(latin.letters) + rest;
  if (counts.cjk() < kLeastCjkShare * letters) {
    ask_cld2(sample, evidence);
    return;
  }
  const double prose = latin.is_prose() ? static_cast<double>(latin.letters) : 0;
  const double total = counts.cjk() + prose + rest;
  LanguageGuess cjk = guess_cjk(counts, total);
  evidence.by_script = true;
  if (prose > 0) {
    Evidence asked;
    ask_cld2(latin.text, asked);
    asked.guess.confidence *= prose / total;
    for (LanguageShare& other : asked.guess.others) {
      other.share *= prose / total;
    }
    const LanguageShare of_cjk{cjk.language, cjk.confidence};
    if (asked.guess.confidence > cjk.confidence) {
      evidence.by_script = false;
      asked.guess.others.insert(asked.guess.others.begin(), of_cjk);
      cjk = std::move(asked.guess);
    } else {
      cjk.others = std::move(asked.guess.others);
      cjk.others.insert(cjk.others.begin(), {asked.guess.language, asked.guess.confidence});
    }
    std::erase_if(cjk.others, [](const LanguageShare& other) {
      return other.share < kLeastOtherShare || other.language == "und";
    });
  }
  evidence.guess = std::move(cjk);
  evidence.is_sure = evidence.guess.confidence >= kSureShare;
}

Evidence weigh(std::string_view sample) {
  Evidence evidence;
  evidence.counts = count_scripts(sample);
  const ScriptCounts& counts = evidence.counts;
  evidence.guess = guess_by_script(counts);
  evidence.by_script = evidence.guess.confidence > 0;
  evidence.is_sure = evidence.guess.confidence >= kSureShare;
  if (evidence.is_sure || counts.total() == 0) return evidence;
  if (counts.cjk() > 0 && counts.latin > 0) {
    weigh_mixed(sample, evidence);
  } else if (!evidence.by_script) {
    ask_cld2(sample, evidence);
  }
  return evidence;
}

// The model's word counts; where both name one language, the higher confidence does, but the shares
// of a mixture stay, which the model knows nothing of.
void ask_model(const FastTextModel& model, std::string_view sample, LanguageGuess& guess) {
  const std::vector<FastTextPrediction> best = model.predict(sample, 1);
  if (best.empty()) return;
  const double probability = std::min(1.0, static_cast<double>(best[0].probability));
  if (best[0].label == guess.language) {
    if (guess.others.empty()) guess.confidence = std::max(guess.confidence, probability);
    return;
  }
  guess.language = best[0].label;
  guess.confidence = probability;
  // What the model is as sure of is no share beside those of CLD2.
  const double rest = 1 - guess.confidence;
  std::erase_if(guess.others, [&](const LanguageShare& other) {
    return other.language == guess.language || other.share > rest;
  });
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
