#include "aludel/safety/lexicon.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "aludel/base/ascii.h"
#include "aludel/base/check.h"
#include "aludel/base/embedded.h"
#include "aludel/text/fold.h"

namespace aludel::safety {

std::span<const EmbeddedFile> all_lexicons();  // generated

namespace {

constexpr int kDefaultWeight = 3;
constexpr int kMostWeight = 5;

Result<std::vector<WeightedPhrase>> parse_list(std::string_view text, std::string_view name) {
  std::vector<WeightedPhrase> phrases;
  int line_number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    while (line.ends_with('\r') || line.ends_with(' ')) {
      line.remove_suffix(1);
    }
    if (line.empty() || line.starts_with('#')) continue;
    int weight = kDefaultWeight;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), weight);
    const auto digits = static_cast<std::size_t>(rest - line.data());
    const bool has_weight = error == std::errc() && digits < line.size() &&
                            (line[digits] == ' ' || line[digits] == '\t');
    if (has_weight) {
      line.remove_prefix(digits + 1);
    } else {
      weight = kDefaultWeight;
    }
    if (line.empty() || weight < 1 || weight > kMostWeight) {
      return Error{Code::invalid_argument,
                   fmt::format("[lexicon] {}, line {}: '{}' is no weight of 1 to {} and phrase",
                               name, line_number, line, kMostWeight)};
    }
    phrases.push_back({weight, std::string(line)});
  }
  return phrases;
}

}  // namespace

std::vector<WeightedPhrase> built_in_phrases(SafetyClass which) {
  for (const EmbeddedFile& file : all_lexicons()) {
    if (file.name != safety_class_name(which)) continue;
    auto phrases = parse_list(file.text, file.name);
    ALUDEL_CHECK(phrases.has_value(), "a lexicon of the program is malformed");
    return std::move(phrases).value();
  }
  return {};
}

Result<Lexicon> Lexicon::create(std::span<const LexiconList> more) {
  std::vector<std::string> texts;
  std::vector<Phrase> phrases;
  std::map<std::tuple<std::string, SafetyClass, bool>, std::size_t> known;
  // Of the spellings of one phrase, which match the same places, the heaviest counts alone.
  const auto add = [&](const std::vector<WeightedPhrase>& list, SafetyClass which, int factor) {
    for (const WeightedPhrase& phrase : list) {
      const int weight = phrase.weight * factor;
      std::string folded(text::fold(phrase.text, text::FoldFor::phrases).text());
      const auto [found, is_new] =
          known.try_emplace({lower_ascii(folded), which, factor == 0}, phrases.size());
      if (!is_new) {
        phrases[found->second].weight = std::max(phrases[found->second].weight, weight);
        continue;
      }
      texts.push_back(std::move(folded));
      phrases.push_back({which, weight});
    }
  };
  for (const EmbeddedFile& file : all_lexicons()) {
    const auto which = find_safety_class(file.name);
    ALUDEL_CHECK(which || file.name == "harmless", "a lexicon is named for no class");
    add(ALUDEL_TRY(parse_list(file.text, file.name)), which.value_or(SafetyClass{}), which ? 1 : 0);
  }
  for (const LexiconList& list : more) {
    add(ALUDEL_TRY(parse_list(list.text, safety_class_name(list.which))), list.which, 1);
  }
  return Lexicon(ALUDEL_TRY(PatternSet::of_literals(texts)), std::move(phrases));
}

std::vector<LexiconHit> Lexicon::find(std::string_view original) const {
  const text::FoldedText folded = text::fold(original, text::FoldFor::phrases);
  const std::string_view text = folded.text();
  std::vector<LexiconHit> hits;
  std::vector<PatternHit> harmless;
  for (const PatternHit& hit : patterns_.find(text)) {
    const Phrase& phrase = phrases_[hit.pattern];
    if (!is_whole_word(text, hit)) continue;
    if (phrase.weight == 0) {
      harmless.push_back(hit);
    } else {
      hits.push_back({hit.begin, hit.end, hit.pattern, phrase.which, phrase.weight});
    }
  }
  // Both are in order of begin: the farthest end of those that begin before is all that counts.
  auto next = harmless.cbegin();
  std::size_t covered_to = 0;
  std::erase_if(hits, [&](const LexiconHit& hit) {
    for (; next != harmless.cend() && next->begin <= hit.begin; ++next) {
      covered_to = std::max(covered_to, next->end);
    }
    return hit.end <= covered_to;
  });
  for (LexiconHit& hit : hits) {
    hit.begin = folded.original_begin(hit.begin);
    hit.end = folded.original_end(hit.end);
  }
  return hits;
}

}  // namespace aludel::safety
