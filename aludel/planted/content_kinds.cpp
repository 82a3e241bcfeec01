#include <array>

#include "aludel/planted/grammar.h"
#include "aludel/planted/kinds.h"
#include "aludel/safety/lexicon.h"

namespace aludel::planted {
namespace {

using Planted = Result<std::vector<PlantedDocument>>;

constexpr std::size_t kUnsafeSentences = 9;

bool is_english_phrase(std::string_view phrase) {
  return static_cast<unsigned char>(phrase[0]) < 0x80 && phrase.find(' ') != std::string::npos;
}

/// Phrases of the class's lexicon in one language.
std::vector<std::string> phrases_of(safety::SafetyClass which, PageLanguage language) {
  std::vector<std::string> phrases;
  for (const safety::WeightedPhrase& phrase : safety::built_in_phrases(which)) {
    const bool is_chinese = static_cast<unsigned char>(phrase.text[0]) >= 0x80;
    const bool is_wanted =
        language == PageLanguage::chinese ? is_chinese : is_english_phrase(phrase.text);
    if (is_wanted && phrase.weight >= 4) phrases.push_back(phrase.text);
  }
  return phrases;
}

/// Places of the lines of ten words or more. REQUIRES: there is one, as in every clean page.
std::vector<std::size_t> prose_lines(const std::vector<std::string>& lines) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (count_page_words(lines[i]) >= 10) places.push_back(i);
  }
  return places;
}

// A clean page between whose sentences those of the class stand, about one in three.
Planted unsafe_text(PlantingContext& context) {
  const auto which = static_cast<safety::SafetyClass>(context.item % safety::kSafetyClassCount);
  const CleanPage page = ALUDEL_TRY(context.pages.take(context.language()));
  const std::string code(page_language_code(page.language));
  const auto phrases = phrases_of(which, page.language);
  std::vector<std::string> lines = page_lines(page.text);
  std::size_t words = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {  // the page's first 250 words
    words += count_page_words(lines[i]);
    if (words > 250) lines.resize(i + 1);
  }
  const std::vector<std::size_t> prose = prose_lines(lines);
  const auto frames = Grammar::named("unsafe").write_many(code, kUnsafeSentences, context.random);
  const std::size_t first = context.random.below(phrases.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::string& phrase = phrases[(first + i) % phrases.size()];
    std::string& line = lines[prose[context.random.below(prose.size())]];
    if (page.language == PageLanguage::english) line += ' ';
    line += replace_all(frames[i], "{phrase}", phrase);
  }
  PlantedDocument document;
  document.text = join_lines(lines);
  document.language = code;
  document.parameters["class"] = safety::safety_class_name(which);
  return std::vector{std::move(document)};
}

Planted advertisement(PlantingContext& context) {
  const PageLanguage language = context.language();
  const std::string code(page_language_code(language));
  const std::size_t count = 13 + context.random.below(6);
  const auto sentences = Grammar::named("ads").write_many(code, count, context.random);
  PlantedDocument document;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    if (i > 0 && i % 4 == 0) {
      document.text += '\n';
    } else if (i > 0 && language == PageLanguage::english) {
      document.text += ' ';
    }
    document.text += sentences[i];
  }
  document.language = code;
  return std::vector{std::move(document)};
}

Planted evaluation_item(PlantingContext& context) {
  if (context.evaluation.empty()) {
    return Error{Code::invalid_argument,
                 "[plant] evaluation_item needs the texts of an evaluation set: --eval FILE"};
  }
  const std::string& item = context.evaluation[context.item % context.evaluation.size()];
  const bool is_chinese = static_cast<unsigned char>(item[0]) >= 0xE4;
  const CleanPage page =
      ALUDEL_TRY(context.pages.take(is_chinese ? PageLanguage::chinese : PageLanguage::english));
  std::vector<std::string> lines = page_lines(page.text);
  const std::size_t at = 1 + context.random.below(lines.size());
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), item);
  PlantedDocument document;
  document.text = join_lines(lines);
  document.language = page_language_code(page.language);
  document.gone.push_back(item);
  return std::vector{std::move(document)};
}

constexpr std::array kContentKinds = std::to_array<PlantedKind>({
    {"unsafe_text", "a page with sentences of one of the fourteen safety classes", "safety",
     PlantedOutcome::dropped, unsafe_text},
    {"advertisement", "a page that only sells", "topic", PlantedOutcome::down_sampled,
     advertisement},
    {"evaluation_item", "a page with an item of an evaluation set in it", "semantic",
     PlantedOutcome::dropped_or_edited, evaluation_item},
});

}  // namespace

std::span<const PlantedKind> content_kinds() {
  return kContentKinds;
}

}  // namespace aludel::planted
